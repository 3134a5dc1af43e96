// Compiles src/kernels/assembly to WebAssembly, with and without relaxed SIMD, into one module of base64 text: it is
// bundled like any other source, and nothing is read or compiled where the package is installed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const SOURCES = 'src/kernels/assembly';
const TARGET = 'src/kernels/wasm-modules.ts';
const FLAGS = [
  ...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
  ...['--runtime', 'stub', '--noAssert', '-O3', '--use', 'abort='],
  // Vectors are passed between the module's own functions only.
  ...['--disableWarning', '112'],
];
const BUILDS = { plain: 'simd,threads', relaxed: 'simd,threads,relaxed-simd' };

/** Of the sources and the way they are compiled: the same fingerprint is the same module. */
export function kernelFingerprint() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, BUILDS]));
  for (const file of readdirSync(SOURCES).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(`${SOURCES}/${file}`, 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Writes the module unless it was made of these very sources. */
export async function buildKernels() {
  const fingerprint = kernelFingerprint();
  if (readFileSync(TARGET, { encoding: 'utf8', flag: 'a+' }).includes(`'${fingerprint}'`)) return;
  const { default: asc } = await import('assemblyscript/asc');
  const texts = {};
  for (const [name, features] of Object.entries(BUILDS)) {
    const binary = { bytes: new Uint8Array() };
    const { error, stderr } = await asc.main(
      [`${SOURCES}/index.ts`, '--outFile', 'kernels.wasm', '--enable', features, ...FLAGS],
      { writeFile: (file, bytes) => file === 'kernels.wasm' && Object.assign(binary, { bytes }) },
    );
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    texts[name] = Buffer.from(binary.bytes).toString('base64');
  }
  writeFileSync(
    TARGET,
    [
      '// Made by scripts/build-kernels.mjs from assembly/; do not edit.',
      '/** Of the sources this was compiled from. */',
      `export const KERNEL_FINGERPRINT = '${fingerprint}';`,
      '/** WebAssembly modules in base64: with SIMD, and with relaxed SIMD (fused multiply-add) beside it. */',
      'export const WASM_MODULES = {',
      ...Object.entries(texts).map(([name, text]) => `  ${name}:\n    '${text}',`),
      '} as const;\n',
    ].join('\n'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
