// Compiles src/kernels/assembly to WebAssembly, with and without relaxed SIMD and with wide tiles, into one module of
// base64 text: it is bundled like any other source, and nothing is read or compiled where the package is installed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const SOURCES = 'src/kernels/assembly';
const TARGET = 'src/kernels/wasm-modules.ts';
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
};
/**
 * Passes over a matrix wait for its memory: they gain nothing by what the builds differ in, and all share them. No
 * thread helps, so that their memory can be one that an engine copies into at full speed.
 */
const PASSES = { file: 'pass-module.ts', flags: ['--enable', 'simd', '--use', 'WIDE_TILE=0'] };
/** Each build's modules, by the file that they are compiled from. */
const MODULES = { tiles: 'tile-module.ts', main: 'index.ts' };

/** Of the sources and the way they are compiled: the same fingerprint is the same module. */
export function kernelFingerprint() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, BUILDS, PASSES, MODULES]));
  for (const file of readdirSync(SOURCES).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(`${SOURCES}/${file}`, 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Writes the module unless it was made of these very sources. */
export async function buildKernels() {
  const fingerprint = kernelFingerprint();
  if (readFileSync(TARGET, { encoding: 'utf8', flag: 'a+' }).includes(`'${fingerprint}'`)) return;
  const texts = {};
  for (const [name, flags] of Object.entries(BUILDS)) {
    texts[name] = {};
    for (const [part, file] of Object.entries(MODULES)) texts[name][part] = await compile(file, flags);
  }
  writeFileSync(
    TARGET,
    [
      '// Made by scripts/build-kernels.mjs from assembly/; do not edit.',
      '/** Of the sources this was compiled from. */',
      `export const KERNEL_FINGERPRINT = '${fingerprint}';`,
      '/**',
      ' * WebAssembly modules in base64: with SIMD; with relaxed SIMD (fused multiply-add) beside it; the same with tiles',
      ' * of twice as many columns. The tiles of each build are a module of their own.',
      ' */',
      // A type of its own: the texts would stand in the package's declarations once more.
      `export const WASM_MODULES: Readonly<Record<${unionOf(BUILDS)}, Readonly<Record<${unionOf(MODULES)}, string>>>> = {`,
      ...Object.entries(texts).flatMap(([name, parts]) => [
        `  ${name}: {`,
        ...Object.entries(parts).map(([part, text]) => `    ${part}:\n      '${text}',`),
        '  },',
      ]),
      '};',
      '/** The passes over rows and columns, of every build. */',
      'export const WASM_PASSES: string =',
      `  '${await compile(PASSES.file, PASSES.flags)}';
`,
    ].join('\n'),
  );
}

const unionOf = (table) =>
  Object.keys(table)
    .map((name) => `'${name}'`)
    .join(' | ');

async function compile(file, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const binary = { bytes: new Uint8Array() };
  const { error, stderr } = await asc.main(
    [`${SOURCES}/${file}`, '--outFile', 'kernels.wasm', ...flags, ...FLAGS],
    { writeFile: (name, bytes) => name === 'kernels.wasm' && Object.assign(binary, { bytes }) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary.bytes).toString('base64');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
