import type { Embedding } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';

export interface Retrieval {
  /** Mean credit for having the own target nearest: 1/k where k targets share the smallest distance. */
  readonly top1: number;
  /** Mean reciprocal rank of the own target; k tied targets share the mean of their reciprocal ranks. */
  readonly mrr: number;
}

/**
 * How well each prediction finds its own target among all N targets by Euclidean distance. A constant predictor, or
 * constant targets, score chance: 1/N and H_N/N. N²·D differences.
 */
export function retrieval(prediction: Embedding, target: Embedding): Retrieval {
  const { rows, cols } = prediction;
  const exponent = commonExponent(prediction, target);
  const p = inUnits(prediction, target, exponent);
  const t = inUnits(target, target, exponent);
  const harmonic = new Float64Array(rows + 1);
  for (let r = 1; r <= rows; r++) harmonic[r] = harmonic[r - 1]! + 1 / r;
  const squared = new Float64Array(rows);
  let top1 = 0;
  let mrr = 0;
  for (let i = 0; i < rows; i++) {
    squaredDistances(p, i, t, rows, cols, squared);
    const own = squared[i]!;
    let closer = 0;
    let tied = 0;
    for (const other of squared) {
      if (other < own) closer++;
      else if (other === own) tied++;
    }
    if (closer === 0) top1 += 1 / tied;
    mrr += (harmonic[closer + tied]! - harmonic[closer]!) / tied;
  }
  return { top1: top1 / rows, mrr: mrr / rows };
}

/** Near 2^490 the largest squares still fit and the smallest ones are lost last. */
const COMFORTABLE = 490;

/** One unit for both sides, so that distances compare; 0 unless the differences are extreme. */
function commonExponent(prediction: Embedding, target: Embedding): number {
  let largest = 0;
  for (let j = 0; j < target.cols; j++) {
    if (target.isConstantColumn(j)) continue;
    const p = prediction.columnExtent(j);
    const t = target.columnExtent(j);
    largest = Math.max(largest, p.max - t.min, t.max - p.min);
  }
  if (largest === 0) return 0;
  const exponent = Number.isFinite(largest) ? exponentOf(largest) : 1024;
  return Math.abs(exponent) > 300 ? exponent - COMFORTABLE : 0;
}

/** A dimension in which all targets agree ranks none of them before another, and might swamp those that do: it is 0. */
function inUnits(embedding: Embedding, target: Embedding, exponent: number): Float64Array {
  const { cols } = embedding;
  return Float64Array.from(embedding.matrix.data, (x, k) =>
    target.isConstantColumn(k % cols) ? 0 : timesPowerOfTwo(x, -exponent),
  );
}

/** out[j] = ‖p_i − t_j‖², each summed in the order of the dimensions, so that equal targets tie exactly. */
function squaredDistances(
  p: Float64Array,
  i: number,
  t: Float64Array,
  rows: number,
  cols: number,
  out: Float64Array,
): void {
  const start = i * cols;
  let j = 0;
  for (; j + 4 <= rows; j += 4) {
    let b0 = j * cols;
    let b1 = b0 + cols;
    let b2 = b1 + cols;
    let b3 = b2 + cols;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let a = start, end = start + cols; a < end; a++, b0++, b1++, b2++, b3++) {
      const v = p[a]!;
      let d = v - t[b0]!;
      s0 += d * d;
      d = v - t[b1]!;
      s1 += d * d;
      d = v - t[b2]!;
      s2 += d * d;
      d = v - t[b3]!;
      s3 += d * d;
    }
    out[j] = s0;
    out[j + 1] = s1;
    out[j + 2] = s2;
    out[j + 3] = s3;
  }
  for (; j < rows; j++) {
    let s = 0;
    for (let a = start, b = j * cols, end = start + cols; a < end; a++, b++) {
      const d = p[a]! - t[b]!;
      s += d * d;
    }
    out[j] = s;
  }
}
