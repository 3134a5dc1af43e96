import type { Matrix } from '#numerics/matrix/matrix.js';
import { filled } from './matrices.js';

/** Independent N(0, 1) entries, the same for the same seed (mulberry32 and Box–Muller: not the product's generator). */
export function gaussian(rows: number, cols: number, seed: number): Matrix {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return filled(rows, cols, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** x yᵀ of [n, k] and [k, d]. */
export function product(x: Matrix, y: Matrix): Matrix {
  return filled(x.rows, y.cols, (i, j) => {
    let sum = 0;
    for (let k = 0; k < x.cols; k++) sum += x.data[i * x.cols + k]! * y.data[k * y.cols + j]!;
    return sum;
  });
}
