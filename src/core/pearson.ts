import { centredColumnProducts } from './column-products.js';
import { Embedding } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';
import { RunningSum } from './running-sum.js';

/**
 * Pearson correlation of two matrices flattened to vectors; 0 if either is constant, and always within [-1, 1].
 * Its absolute error is about 1e-16 √(N·D), so a correlation near 0 has that floor.
 */
export function flattenedPearson(a: Embedding, b: Embedding): number {
  if (isConstant(a) || isConstant(b)) return 0;
  const p = inSafeUnits(a);
  const t = inSafeUnits(b);
  const pOffsets = columnOffsets(p);
  const tOffsets = columnOffsets(t);
  const pp = sumOf(p.columnMoments.squares) + p.rows * dot(pOffsets, pOffsets);
  const tt = sumOf(t.columnMoments.squares) + t.rows * dot(tOffsets, tOffsets);
  const pt = centredProduct(p, t) + p.rows * dot(pOffsets, tOffsets);
  return Math.max(-1, Math.min(1, pt / (Math.sqrt(pp) * Math.sqrt(tt))));
}

function isConstant(embedding: Embedding): boolean {
  const { min, max } = embedding.extent;
  return min === max;
}

/** In units of a power of two near the range, where its squares would over- or underflow. */
function inSafeUnits(embedding: Embedding): Embedding {
  const { min, max } = embedding.extent;
  const range = max - min;
  const exponent = Number.isFinite(range) ? exponentOf(range) : 1024;
  if (exponent <= 400 && exponent >= -400) return embedding;
  const { data, rows, cols } = embedding.matrix;
  const scaled = Float64Array.from(data, (x) => timesPowerOfTwo(x, -exponent));
  return new Embedding(embedding.role, { data: scaled, rows, cols });
}

/** Column means less the grand mean, [cols]; differences from one of them first, so that an offset costs no digits. */
function columnOffsets({ centre, cols }: Embedding): Float64Array {
  const origin = centre.mean[0]!;
  const offsets = centre.mean.map((mean, j) => mean - origin + centre.residual[j]!);
  const grand = sumOf(offsets) / cols;
  return offsets.map((offset) => offset - grand);
}

/** Σ over rows and columns of (p − its column's mean)(t − its column's mean). */
function centredProduct(a: Embedding, b: Embedding): number {
  return sumOf(centredColumnProducts(a, b));
}

function dot(x: Float64Array, y: Float64Array): number {
  const total = new RunningSum();
  for (let k = 0; k < x.length; k++) total.add(x[k]! * y[k]!);
  return total.value;
}

function sumOf(x: Float64Array): number {
  const total = new RunningSum();
  for (const value of x) total.add(value);
  return total.value;
}
