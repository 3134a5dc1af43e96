// What one core can do at most, in 1e9 products and sums a second: loops of nothing but fused multiply-adds.
import { setFlagsFromString } from 'node:v8';
import asc from 'assemblyscript/asc';

const FLAGS = [
  ...['--enable', 'simd,relaxed-simd', '--importMemory', '--initialMemory', '1'],
  ...['--runtime', 'stub', '--noAssert', '-O3', '--use', 'abort='],
];
const STEPS = 50_000;

/**
 * Two meters, `narrow` of 128-bit and `wide` of 256-bit vectors (null before Node 24): each call runs a burst of about
 * 0.2 ms and returns the best rate seen so far. Call them between the runs of what is measured.
 */
export async function ceilingMeters() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const optimise = ['--no-liftoff', '--no-wasm-lazy-compilation'];
  const narrow = await meter(12, optimise);
  const wide = major >= 24 ? await meter(24, [...optimise, '--experimental-wasm-revectorize']) : null;
  return { narrow, wide };
}

/** `sums` running sums of two lanes: enough that no multiply-add waits for the one before. */
async function meter(sums, flags) {
  const binary = await compile(sums);
  for (const flag of flags) setFlagsFromString(flag);
  const module = new WebAssembly.Module(binary);
  for (const flag of flags) setFlagsFromString(opposite(flag));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  let best = 0;
  return () => {
    for (let burst = 0; burst < 4; burst++) {
      const start = performance.now();
      run(STEPS, 1024);
      best = Math.max(best, (sums * 2 * STEPS) / (performance.now() - start) / 1e6);
    }
    return best;
  };
}

const opposite = (flag) => (flag.startsWith('--no-') ? `--${flag.slice(5)}` : `--no-${flag.slice(2)}`);

async function compile(sums) {
  const each = (line) => Array.from({ length: sums }, (_, i) => line(i)).join('\n');
  const source = `export function run(steps: u32, at: usize): void {
    const x = v128.load(at);
    const y = v128.load(at, 16);
    ${each((i) => `let s${i} = v128.load(at, ${32 + 16 * i});`)}
    for (let k: u32 = 0; k < steps; k++) {
      ${each((i) => `s${i} = f64x2.relaxed_madd(x, y, s${i});`)}
    }
    ${each((i) => `v128.store(at, s${i}, ${32 + 16 * i});`)}
  }`;
  let binary;
  const { error, stderr } = await asc.main(['loop.ts', '--outFile', 'loop.wasm', ...FLAGS], {
    readFile: (name) => (name === 'loop.ts' ? source : null),
    writeFile: (name, bytes) => {
      if (name === 'loop.wasm') binary = bytes;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}
