// Compiles src/kernels/assembly to WebAssembly, with and without relaxed SIMD and with wide tiles, into one module of
// base64 text: it is bundled like any other source, and nothing is read or compiled where the package is installed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';

const SOURCES = 'src/kernels/assembly';
const TARGET = 'src/kernels/wasm/wasm-modules.ts';
const FLAGS = [
  ...['--importMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
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
 * Each part, the file that it is compiled from and the builds that it is compiled for. Parts of one build only are shared
 * by all: `main` takes the size of a tile from the tiles, and passes over a matrix wait for its memory, not for products.
 */
const PARTS = {
  tiles: { file: 'tile-module.ts', builds: ['plain', 'relaxed', 'wide'] },
  algebra: { file: 'algebra-module.ts', builds: ['plain', 'relaxed'] },
  main: { file: 'main-module.ts', builds: ['plain'] },
  passes: { file: 'pass-module.ts', builds: ['alone'] },
};
/** Deflated: few engines need it, and the others would carry twice the weight. */
const PACKED = ['algebra.plain'];

/** Of the sources and the way they are compiled: the same fingerprint is the same module. */
export function kernelFingerprint() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, BUILDS, PARTS, PACKED]));
  for (const file of readdirSync(SOURCES).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(`${SOURCES}/${file}`, 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Writes the module unless it was made of these very sources. */
export async function buildKernels() {
  const fingerprint = kernelFingerprint();
  if (readFileSync(TARGET, { encoding: 'utf8', flag: 'a+' }).includes(`'${fingerprint}'`)) return;
  const lines = [];
  for (const [part, { file, builds }] of Object.entries(PARTS)) {
    lines.push(`  ${part}: {`);
    for (const build of builds) {
      const bytes = await compile(file, BUILDS[build]);
      const stored = PACKED.includes(`${part}.${build}`) ? deflateRawSync(bytes, { level: 9 }) : bytes;
      lines.push(`    ${build}:\n      '${Buffer.from(stored).toString('base64')}',`);
    }
    lines.push('  },');
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
      '/**',
      ' * WebAssembly modules in base64: with SIMD; with relaxed SIMD (fused multiply-add) beside it; the same with tiles',
      ' * of twice as many columns. `algebra.plain` is deflated.',
      ' */',
      'export const WASM_MODULES: {',
      ...type,
      '} = {',
      ...lines,
      '};\n',
    ].join('\n'),
  );
}

const union = (names) => names.map((name) => `'${name}'`).join(' | ');

async function compile(file, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const binary = { bytes: new Uint8Array() };
  const { error, stderr } = await asc.main(
    [`${SOURCES}/${file}`, '--outFile', 'kernels.wasm', ...flags, ...FLAGS],
    { writeFile: (name, bytes) => name === 'kernels.wasm' && Object.assign(binary, { bytes }) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary.bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
