// Compiles src/kernels/assembly to WebAssembly, with and without relaxed SIMD and with wide tiles, into one module of
// base64 text: it is bundled like any other source, and nothing is read or compiled where the package is installed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const SOURCES = 'src/kernels/assembly';
const CONSTANTS = 'src/kernels/constants.ts';
const TARGET = 'src/kernels/wasm/wasm-modules.ts';
const FLAGS = [
  ...['--importMemory', '--noExportMemory', '--initialMemory', constant('INITIAL_PAGES')],
  ...['--maximumMemory', constant('MAXIMUM_PAGES')],
  ...['--runtime', 'stub', '--noAssert', '-O3', '--use', 'abort='],
  // Vectors are passed between the module's own functions only.
  ...['--disableWarning', '112'],
];
const BUILDS = {
  plain: ['--sharedMemory', '--enable', 'simd,threads', '--use', 'WIDE_TILE=0'],
  relaxed: ['--sharedMemory', '--enable', 'simd,threads,relaxed-simd', '--use', 'WIDE_TILE=0'],
  wide: ['--sharedMemory', '--enable', 'simd,threads,relaxed-simd', '--use', 'WIDE_TILE=1'],
  // Of a memory that no thread shares: an engine copies into it at full speed.
  alone: ['--enable', 'simd', '--use', 'WIDE_TILE=0'],
};
/**
 * Each part, the files whose exports it has and the builds that it is compiled for. Parts of one build only are shared
 * by all: `main` takes the size of a tile from the tiles, and passes over a matrix wait for its memory, not for products.
 */
const PARTS = {
  tiles: { files: ['tile-module'], builds: ['relaxed', 'plain', 'wide'] },
  algebra: { files: ['eigenvalues', 'householder-qr'], builds: ['relaxed', 'plain'] },
  phases: { files: ['phase-sums', 'pair-terms', 'normals'], builds: ['relaxed', 'plain'] },
  main: { files: ['main-module'], builds: ['plain'] },
  passes: { files: ['columns', 'row-pairs', 'row-sums', 'affine-rows'], builds: ['alone'] },
};
/** Deflated: few runs need it. So is whatever is plain, beside the relaxed module of its part: few engines need that. */
const PACKED = ['phases.relaxed'];

/** Of the sources and the way they are compiled: the same fingerprint is the same module. */
export function kernelFingerprint() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, BUILDS, PARTS, PACKED]));
  const files = readdirSync(SOURCES).sort();
  for (const path of [CONSTANTS, ...files.map((file) => `${SOURCES}/${file}`)]) {
    hash.update(`\0${path}\0`).update(readFileSync(path, 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Writes the module unless it was made of these very sources. */
export async function buildKernels() {
  const fingerprint = kernelFingerprint();
  if (readFileSync(TARGET, { encoding: 'utf8', flag: 'a+' }).includes(`'${fingerprint}'`)) return;
  const texts = [];
  const interfaces = [];
  for (const [part, { files, builds }] of Object.entries(PARTS)) {
    texts.push(`  ${part}: {`);
    let relaxed;
    for (const [i, build] of builds.entries()) {
      const { bytes, declarations } = await compile(files, BUILDS[build]);
      if (build === 'relaxed') relaxed = bytes;
      const dictionary = build === 'plain' ? relaxed : undefined;
      const isPacked = dictionary !== undefined || PACKED.includes(`${part}.${build}`);
      const stored = isPacked ? deflateRawSync(bytes, { level: 9, dictionary }) : bytes;
      texts.push(`    ${build}:\n      '${Buffer.from(stored).toString('base64')}',`);
      if (i === 0) interfaces.push(exportsOf(part, declarations));
    }
    texts.push('  },');
  }
  // A type of its own: the texts would stand in the package's declarations once more.
  const type = Object.entries(PARTS).map(
    ([part, { builds }]) => `  readonly ${part}: Readonly<Record<${union(builds)}, string>>;`,
  );
  writeFileSync(
    TARGET,
    [
      '// Made by scripts/build/build-kernels.mjs from assembly/; do not edit.',
      '/** Of the sources this was compiled from. */',
      `export const KERNEL_FINGERPRINT = '${fingerprint}';`,
      '',
      ...interfaces,
      '/**',
      ' * WebAssembly modules in base64: with SIMD; with relaxed SIMD (fused multiply-add) beside it; the same with tiles',
      ' * of twice as many columns. What few runs need is deflated, and what few engines need beside the module before it.',
      ' */',
      'export const WASM_MODULES: {',
      ...type,
      '} = {',
      ...texts,
      '};\n',
    ].join('\n'),
  );
}

/** The texts of `code` without deflation, for engines that cannot inflate at once. */
export function inflatedTexts(code) {
  let relaxed;
  return code.replace(/(\w+):(\s*)'([A-Za-z0-9+/=]{200,})'/g, (_, build, space, text) => {
    const stored = Buffer.from(text, 'base64');
    const dictionary = build === 'plain' ? relaxed : undefined;
    const isModule = stored.subarray(0, 4).toString('latin1') === '\0asm';
    const bytes = isModule ? stored : inflateRawSync(stored, { dictionary });
    if (build === 'relaxed') relaxed = bytes;
    return `${build}:${space}'${bytes.toString('base64')}'`;
  });
}

/** The value of a number in the file that both compilers take. */
function constant(name) {
  const [, value] = new RegExp(`^export const ${name} = (\\d+);$`, 'm').exec(readFileSync(CONSTANTS, 'utf8'));
  return value;
}

/** An interface of the functions that a part exports, from the declarations that the compiler writes. */
function exportsOf(part, declarations) {
  const functions = declarations.matchAll(/^ {2}export function (.*;)$/gm);
  const name = `${part[0].toUpperCase()}${part.slice(1)}Exports`;
  return [
    `/** What \`${part}\` exports; pointers are byte positions in its memory. */`,
    `export interface ${name} {`,
    ...Array.from(functions, ([, signature]) => `  ${signature}`),
    '}',
    '',
  ].join('\n');
}

const union = (names) => names.map((name) => `'${name}'`).join(' | ');

async function compile(files, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const written = {};
  const entries = files.map((file) => `${SOURCES}/${file}.ts`);
  const { error, stderr } = await asc.main(
    [...entries, '--outFile', 'kernels.wasm', '--bindings', 'raw', ...flags, ...FLAGS],
    { writeFile: (name, contents) => Object.assign(written, { [name]: contents }) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return { bytes: written['kernels.wasm'], declarations: written['kernels.d.ts'] };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
