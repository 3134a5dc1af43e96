import type { Matrix } from '#numerics/matrix/matrix.js';
import { normals } from '../support/normals.js';
import { filled } from './matrices.js';

/** Independent N(0, 1) entries, the same for the same seed. */
export function gaussian(rows: number, cols: number, seed: number): Matrix {
  return filled(rows, cols, normals(seed));
}

/** x yᵀ of [n, k] and [k, d]. */
export function product(x: Matrix, y: Matrix): Matrix {
  return filled(x.rows, y.cols, (i, j) => {
    let sum = 0;
    for (let k = 0; k < x.cols; k++) sum += x.data[i * x.cols + k]! * y.data[k * y.cols + j]!;
    return sum;
  });
}
