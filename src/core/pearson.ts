import type { Embedding } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';
import { RunningSum } from './running-sum.js';

/**
 * Pearson correlation of two matrices flattened to vectors; 0 if either is constant, and always within [-1, 1].
 * Its absolute error is about 1e-16 √(N·D), so a correlation near 0 has that floor.
 */
export function flattenedPearson(a: Embedding, b: Embedding): number {
  const p = centredAndScaled(a);
  const t = centredAndScaled(b);
  if (p === null || t === null) return 0;
  const pp = new RunningSum();
  const tt = new RunningSum();
  const pt = new RunningSum();
  const { cols } = a;
  for (let start = 0; start < p.length; start += cols) {
    let rowPp = 0;
    let rowTt = 0;
    let rowPt = 0;
    for (let k = start; k < start + cols; k++) {
      rowPp += p[k]! * p[k]!;
      rowTt += t[k]! * t[k]!;
      rowPt += p[k]! * t[k]!;
    }
    pp.add(rowPp);
    tt.add(rowTt);
    pt.add(rowPt);
  }
  return Math.max(-1, Math.min(1, pt.value / (Math.sqrt(pp.value) * Math.sqrt(tt.value))));
}

/** The values minus their grand mean, in units of a power of two near the range; null for a constant matrix. */
function centredAndScaled(embedding: Embedding): Float64Array | null {
  const { min, max } = embedding.extent;
  if (min === max) return null;
  const range = max - min;
  const exponent = Number.isFinite(range) ? exponentOf(range) : 1024;
  const extreme = exponent > 400 || exponent < -400;
  const scale = extreme ? (x: number) => timesPowerOfTwo(x, -exponent) : (x: number) => x;
  const { data } = embedding.matrix;
  const origin = scale(data[0]!);
  const out = new Float64Array(data.length);
  for (let k = 0; k < data.length; k++) out[k] = scale(data[k]!) - origin;
  subtractMean(out, embedding.cols);
  subtractMean(out, embedding.cols);
  return out;
}

function subtractMean(x: Float64Array, block: number): void {
  const total = new RunningSum();
  for (let start = 0; start < x.length; start += block) {
    let sum = 0;
    for (let k = start; k < start + block; k++) sum += x[k]!;
    total.add(sum);
  }
  const mean = total.value / x.length;
  for (let k = 0; k < x.length; k++) x[k] = x[k]! - mean;
}
