// The most products a second that 128-bit SIMD does on this machine: nothing but sums in registers.
import asc from 'assemblyscript/asc';

const SUMS = 12;

function source(fused) {
  const names = Array.from({ length: SUMS }, (_, i) => `s${i}`);
  const step = (s) => (fused ? `f64x2.relaxed_madd(a, b, ${s})` : `f64x2.add(${s}, f64x2.mul(a, b))`);
  return `export function run(n: u32, x: f64): f64 {
    let a = f64x2.splat(x);
    const b = f64x2.splat(0.5);
    ${names.map((s) => `let ${s} = f64x2.splat(0);`).join('\n')}
    for (let i: u32 = 0; i < n; i++) {
      ${names.map((s) => `${s} = ${step(s)};`).join('\n')}
    }
    return ${names.map((s) => `f64x2.extract_lane(${s}, 0) + f64x2.extract_lane(${s}, 1)`).join(' + ')};
  }`;
}

/** 1e9 products a second of one thread; null where the engine does not accept the module. */
export async function ceiling(fused) {
  const binary = { bytes: new Uint8Array() };
  await asc.main(
    [
      'loop.ts',
      '--outFile',
      'loop.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      fused ? 'simd,relaxed-simd' : 'simd',
    ],
    {
      readFile: (name) => (name === 'loop.ts' ? source(fused) : null),
      writeFile: (name, bytes) => name === 'loop.wasm' && Object.assign(binary, { bytes }),
      listFiles: () => [],
    },
  );
  if (!WebAssembly.validate(binary.bytes)) return null;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(binary.bytes)).exports;
  const n = 2e7;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    run(n, 1 + i);
    best = Math.min(best, performance.now() - start);
  }
  return (n * SUMS * 2) / best / 1e6;
}
