import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { RunningSum } from '../floating/running-sum.js';
import type { Batch, BatchRows } from './batch.js';
import { COLUMN_MOMENTS } from './column-moments.js';
import { columnProducts } from './column-products.js';
import { Embedding, sumOf } from './embedding.js';
import type { RowFold } from './row-fold.js';
import type { WholeEmbedding } from './whole-embedding.js';

/**
 * Pearson correlation of two matrices flattened to vectors; 0 if either is constant, and always within [-1, 1].
 * Its absolute error is about 1e-16 √(N·D), so a correlation near 0 has that floor.
 */
export function flattenedPearson(a: WholeEmbedding, b: WholeEmbedding, batch: Pick<Batch, 'fold'>): number {
  a.expect(COLUMN_MOMENTS);
  b.expect(COLUMN_MOMENTS);
  if (isConstant(a) || isConstant(b)) return 0;
  const p = inSafeUnits(a);
  const t = inSafeUnits(b);
  const product =
    p === a && t === b
      ? batch.fold(CENTRED_PRODUCT)
      : CENTRED_PRODUCT.part({ prediction: p.inMemory, target: t.inMemory, context: null });
  const pOffsets = columnOffsets(p);
  const tOffsets = columnOffsets(t);
  const pp = sumOf(p.columnMoments.squares) + p.rows * dot(pOffsets, pOffsets);
  const tt = sumOf(t.columnMoments.squares) + t.rows * dot(tOffsets, tOffsets);
  const remainders = p.rows * dot(p.columnMoments.residual, t.columnMoments.residual);
  const pt = product - remainders + p.rows * dot(pOffsets, tOffsets);
  return Math.max(-1, Math.min(1, pt / (Math.sqrt(pp) * Math.sqrt(tt))));
}

function isConstant(embedding: WholeEmbedding): boolean {
  const { min, max } = embedding.extent;
  return min === max;
}

/** In units of a power of two near the range, where its squares would over- or underflow. */
function inSafeUnits(embedding: WholeEmbedding): WholeEmbedding {
  const { min, max } = embedding.extent;
  const range = max - min;
  const exponent = Number.isFinite(range) ? exponentOf(range) : 1024;
  if (exponent <= 400 && exponent >= -400) return embedding;
  const { data, rows, cols } = embedding.inMemory.matrix;
  const scaled = Float64Array.from(data, (x) => timesPowerOfTwo(x, -exponent));
  return new Embedding(embedding.role, { data: scaled, rows, cols });
}

/** Column means less the grand mean, [cols]; differences from one of them first, so that an offset costs no digits. */
function columnOffsets({ columnMeans, columnMoments, cols }: WholeEmbedding): Float64Array {
  const origin = columnMeans[0]!;
  const offsets = columnMeans.map((mean, j) => mean - origin + columnMoments.residual[j]!);
  const grand = sumOf(offsets) / cols;
  return offsets.map((offset) => offset - grand);
}

/** Σ over rows and columns of (p − its column's mean)(t − its column's mean), the means as they are rounded. */
const CENTRED_PRODUCT: RowFold<BatchRows, number> = {
  part: ({ prediction, target }) => sumOf(columnProducts(prediction, target!)),
  join: (a, b) => a + b,
};

function dot(x: Float64Array, y: Float64Array): number {
  const total = new RunningSum();
  for (let k = 0; k < x.length; k++) total.add(x[k]! * y[k]!);
  return total.value;
}
