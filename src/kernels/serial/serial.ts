import { centredCopy, transpose } from '../arrays.js';
import type { Centre, Kernels, PairTerms } from '../kernels.js';
import { fillWithNormals } from '../normals.js';
import { projectOnNormals } from './normals.js';
import { takePairTerms } from './pair-terms.js';
import {
  affineMoments,
  columnMoments,
  columnProducts,
  rowPairSums,
  rowSums,
  surveyColumns,
} from './passes.js';
import { phaseSums } from './phases.js';
import { compareProducts, rowProducts } from './products.js';
import { qrFactor } from './qr.js';
import { tridiagonalEigenvalues, tridiagonalOf } from './symmetric-eigenvalues.js';

type Values = Float32Array | Float64Array;

/** Rows a block: two blocks of 32 rows of 1024 float64 stay in a second-level cache of 512 KiB. */
const BLOCK_ROWS = 32;

/**
 * Sums the distances of four rows to two: eight running sums and six loads fit the sixteen vector registers of x86-64.
 */
function addTileDistances(x: Values, cols: number, i: number, j: number): number {
  let a0 = i * cols;
  let a1 = a0 + cols;
  let a2 = a1 + cols;
  let a3 = a2 + cols;
  let b0 = j * cols;
  let b1 = b0 + cols;
  let s00 = 0;
  let s10 = 0;
  let s20 = 0;
  let s30 = 0;
  let s01 = 0;
  let s11 = 0;
  let s21 = 0;
  let s31 = 0;
  for (const end = a0 + cols; a0 < end; a0++, a1++, a2++, a3++, b0++, b1++) {
    const p = x[b0]!;
    const q = x[b1]!;
    let v = x[a0]!;
    let d = v - p;
    s00 += d * d;
    d = v - q;
    s01 += d * d;
    v = x[a1]!;
    d = v - p;
    s10 += d * d;
    d = v - q;
    s11 += d * d;
    v = x[a2]!;
    d = v - p;
    s20 += d * d;
    d = v - q;
    s21 += d * d;
    v = x[a3]!;
    d = v - p;
    s30 += d * d;
    d = v - q;
    s31 += d * d;
  }
  return (
    Math.sqrt(s00) +
    Math.sqrt(s10) +
    (Math.sqrt(s20) + Math.sqrt(s30)) +
    (Math.sqrt(s01) + Math.sqrt(s11) + (Math.sqrt(s21) + Math.sqrt(s31)))
  );
}

function distance(x: Values, cols: number, i: number, j: number): number {
  let a = i * cols;
  let b = j * cols;
  let s = 0;
  for (const end = a + cols; a < end; a++, b++) {
    const d = x[a]! - x[b]!;
    s += d * d;
  }
  return Math.sqrt(s);
}

/** Sums the distances of all pairs (i, j) with i in [i0, i1) and j in [j0, j1); the two ranges do not overlap. */
function sumBlock(x: Values, cols: number, i0: number, i1: number, j0: number, j1: number): number {
  let sum = 0;
  let i = i0;
  for (; i + 4 <= i1; i += 4) {
    let j = j0;
    for (; j + 2 <= j1; j += 2) sum += addTileDistances(x, cols, i, j);
    if (j < j1) for (let k = i; k < i + 4; k++) sum += distance(x, cols, k, j);
  }
  for (; i < i1; i++) for (let j = j0; j < j1; j++) sum += distance(x, cols, i, j);
  return sum;
}

/** Sums the distances of all pairs inside [i0, i1). */
function sumDiagonalBlock(x: Values, cols: number, i0: number, i1: number): number {
  let sum = 0;
  for (let i = i0; i < i1; i += 4) {
    const end = Math.min(i + 4, i1);
    for (let k = i; k < end; k++) for (let j = k + 1; j < end; j++) sum += distance(x, cols, k, j);
    sum += sumBlock(x, cols, i, end, end, i1);
  }
  return sum;
}

function sumPairwiseDistances(
  x: Values,
  rows: number,
  cols: number,
  centre?: Centre,
  terms?: PairTerms,
): number {
  if (terms !== undefined) takePairTerms(x, rows, cols, centre, terms);
  let total = 0;
  for (let i = 0; i < rows; i += BLOCK_ROWS) {
    const iEnd = Math.min(i + BLOCK_ROWS, rows);
    let blockRow = sumDiagonalBlock(x, cols, i, iEnd);
    for (let j = iEnd; j < rows; j += BLOCK_ROWS) {
      blockRow += sumBlock(x, cols, i, iEnd, j, Math.min(j + BLOCK_ROWS, rows));
    }
    total += blockRow;
  }
  return total;
}

function dot(x: Float64Array, a: number, b: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  const even = length & ~1;
  for (const end = a + even; a < end; a += 2, b += 2) {
    s0 += x[a]! * x[b]!;
    s1 += x[a + 1]! * x[b + 1]!;
  }
  return length === even ? s0 + s1 : s0 + s1 + x[a]! * x[b]!;
}

function storeGramTile(x: Float64Array, rows: number, cols: number, out: Float64Array, i: number, j: number) {
  let a0 = i * cols;
  let a1 = a0 + cols;
  let a2 = a1 + cols;
  let a3 = a2 + cols;
  let b0 = j * cols;
  let b1 = b0 + cols;
  let s00 = 0;
  let s10 = 0;
  let s20 = 0;
  let s30 = 0;
  let s01 = 0;
  let s11 = 0;
  let s21 = 0;
  let s31 = 0;
  for (const end = a0 + cols; a0 < end; a0++, a1++, a2++, a3++, b0++, b1++) {
    const p = x[b0]!;
    const q = x[b1]!;
    let v = x[a0]!;
    s00 += v * p;
    s01 += v * q;
    v = x[a1]!;
    s10 += v * p;
    s11 += v * q;
    v = x[a2]!;
    s20 += v * p;
    s21 += v * q;
    v = x[a3]!;
    s30 += v * p;
    s31 += v * q;
  }
  const o = i * rows + j;
  out[o] = s00;
  out[o + 1] = s01;
  out[o + rows] = s10;
  out[o + rows + 1] = s11;
  out[o + 2 * rows] = s20;
  out[o + 2 * rows + 1] = s21;
  out[o + 3 * rows] = s30;
  out[o + 3 * rows + 1] = s31;
}

function gram(x: Float64Array, rows: number, cols: number, out: Float64Array): void {
  for (let block = 0; block < rows; block += BLOCK_ROWS) {
    const blockEnd = Math.min(block + BLOCK_ROWS, rows);
    for (let j0 = 0; j0 < blockEnd; j0 += BLOCK_ROWS) {
      for (let i = block; i < blockEnd; i += 4) {
        const iEnd = Math.min(i + 4, blockEnd);
        const jEnd = Math.min(j0 + BLOCK_ROWS, iEnd);
        let j = j0;
        if (iEnd - i === 4)
          for (; j + 2 <= Math.min(jEnd, i); j += 2) storeGramTile(x, rows, cols, out, i, j);
        for (; j < jEnd; j++) {
          for (let k = Math.max(i, j); k < iEnd; k++) out[k * rows + j] = dot(x, k * cols, j * cols, cols);
        }
      }
    }
  }
}

function cholesky(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j < i; j++) {
      const rowJ = j * n;
      a[rowI + j] = (a[rowI + j]! - dot(a, rowI, rowJ, j)) / a[rowJ + j]!;
    }
    const pivot = a[rowI + i]! - dot(a, rowI, rowI, i);
    if (!(pivot > 0)) return false;
    a[rowI + i] = Math.sqrt(pivot);
  }
  return true;
}

function choleskyDiagonal(a: Float64Array, n: number, divisor: number, shift: number): Float64Array | null {
  const factor = a.map((x) => x / divisor);
  for (let k = 0; k < n * n; k += n + 1) factor[k] = factor[k]! + shift;
  return cholesky(factor, n) ? Float64Array.from({ length: n }, (_, i) => factor[i * n + i]!) : null;
}

/** Plain typed-array loops: the reference every other build is checked against. */
export const serialKernels: Kernels = {
  name: 'serial',
  surveyColumns,
  columnMoments,
  columnProducts,
  rowPairSums,
  rowSums,
  affineMoments,
  sumPairwiseDistances,
  gram: (x, rows, cols, out, centre) => gram(centredCopy(x, rows, cols, centre), rows, cols, out),
  gramAndDistances: (x, rows, cols, out, centre) => {
    gram(centredCopy(x, rows, cols, centre), rows, cols, out);
    return null;
  },
  gramOfColumns: (x, rows, cols, out, centre) =>
    gram(transpose(centredCopy(x, rows, cols, centre), rows, cols), cols, rows, out),
  rowProducts,
  compareProducts,
  fillWithNormals,
  projectOnNormals,
  phaseSums,
  cholesky,
  choleskyDiagonal,
  qrFactor,
  tridiagonalsOf: (matrices, n) => matrices.map((matrix) => tridiagonalOf(matrix, n)),
  tridiagonalEigenvalues: (matrices) => matrices.map(tridiagonalEigenvalues),
};
