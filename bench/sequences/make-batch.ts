import type { Matrix } from '#numerics/matrix/matrix.js';

/** What becomes of a run over its steps. */
export const SEQUENCES = ['healthy', 'shrinking', 'losing rank', 'going to the mean'] as const;
export type Sequence = (typeof SEQUENCES)[number];

export const STEPS = 20;
export const SHAPES = [
  [64, 64],
  [128, 192],
  [256, 1024],
  [2048, 512],
] as const;

export interface Batch {
  readonly prediction: Matrix;
  readonly target: Matrix;
}

/**
 * Step `step` (0 to 19) of a run, [rows, cols]: predictions and targets that are both N(0, I) with a correlation of
 * 0.8, anew at each step, and then what the sequence does to both of them:
 *
 * - shrinking: times 0.85^step;
 * - losing rank: cols·0.8^step dimensions are kept (at least two), scaled up so that the variance stays;
 * - going to the mean: at each step more rows are replaced by the column means, at the last one all of them.
 */
export function makeBatch(sequence: Sequence, rows: number, cols: number, seed: number, step: number): Batch {
  const normal = normals(seed * 1000 + step);
  const prediction = new Float64Array(rows * cols);
  const target = new Float64Array(rows * cols);
  for (let k = 0; k < prediction.length; k++) {
    prediction[k] = normal();
    target[k] = 0.8 * prediction[k]! + 0.6 * normal();
  }
  const change = (data: Float64Array): Matrix => changed(sequence, { data, rows, cols }, step);
  return { prediction: change(prediction), target: change(target) };
}

function changed(sequence: Sequence, matrix: Matrix, step: number): Matrix {
  const { data, rows, cols } = matrix;
  if (sequence === 'shrinking') return { rows, cols, data: data.map((x) => x * 0.85 ** step) };
  if (sequence === 'losing rank') {
    const kept = Math.max(2, Math.round(cols * 0.8 ** step));
    const scale = Math.sqrt(cols / kept);
    return { rows, cols, data: data.map((x, k) => (k % cols < kept ? x * scale : 0)) };
  }
  if (sequence === 'going to the mean') {
    const means = new Float64Array(cols);
    for (const [k, x] of data.entries()) means[k % cols]! += x / rows;
    const gone = Math.floor((rows * step) / (STEPS - 1)) * cols;
    return { rows, cols, data: data.map((x, k) => (k < gone ? means[k % cols]! : x)) };
  }
  return matrix;
}

/** Normal numbers from a seed: mulberry32 and Box–Muller, not the product's generator. */
export function normals(seed: number): () => number {
  let state = seed;
  let spare: number | null = null;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const length = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
}
