import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import type { BatchRows } from './batch.js';
import { momentSums } from './column-moments.js';
import { columnProducts } from './column-products.js';
import { columnSquares } from './column-squares.js';
import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';
import { isOrdinary } from './scaled-values.js';
import type { WholeEmbedding } from './whole-embedding.js';

/** Sums over rows of squares and products of the centred columns, each column in a unit near its own range. */
export interface ColumnProducts {
  readonly pp: Float64Array;
  readonly tt: Float64Array;
  readonly pt: Float64Array;
}

export const COLUMN_PRODUCTS: RowFold<BatchRows, ColumnProducts> = {
  part: ({ prediction, target }) => {
    const { cols } = prediction;
    const [pUnits, tUnits] = [columnUnits(prediction), columnUnits(target!)];
    if (pUnits === null && tUnits === null) return ordinaryProducts(prediction, target!);
    const p = inUnits(prediction.centred, pUnits);
    const t = inUnits(target!.centred, tUnits);
    const pp = new Float64Array(cols);
    const tt = new Float64Array(cols);
    const pt = new Float64Array(cols);
    for (let k = 0; k < p.length; ) {
      for (let j = 0; j < cols; j++, k++) {
        pp[j] = pp[j]! + p[k]! * p[k]!;
        tt[j] = tt[j]! + t[k]! * t[k]!;
        pt[j] = pt[j]! + p[k]! * t[k]!;
      }
    }
    return { pp, tt, pt };
  },
  join: (a, b) => ({
    pp: a.pp.map((x, j) => x + b.pp[j]!),
    tt: a.tt.map((x, j) => x + b.tt[j]!),
    pt: a.pt.map((x, j) => x + b.pt[j]!),
  }),
};

/** Columns of ordinary range need no unit, and no centred copy. */
function ordinaryProducts(a: Embedding, b: Embedding): ColumnProducts {
  const { rows } = a;
  const [p, t] = [a.centre.residual, b.centre.residual];
  const [pSums, tSums] = [a.shared(momentSums).sums, b.shared(momentSums).sums];
  // Σ (d − p)(e − t) of d and e about the means as they are rounded, p and t being what rounding left out.
  const pt = columnProducts(a, b).map(
    (sum, j) => sum - t[j]! * pSums[j]! - p[j]! * tSums[j]! + rows * p[j]! * t[j]!,
  );
  return { pp: a.shared(columnSquares).sums, tt: b.shared(columnSquares).sums, pt };
}

/**
 * The mean over dimensions of the Pearson correlation of the two columns; a constant column counts 0. Within [-1, 1].
 */
export function meanPearsonPerDim(
  { pp, tt, pt }: ColumnProducts,
  a: WholeEmbedding,
  b: WholeEmbedding,
): number {
  let sum = 0;
  for (let j = 0; j < a.cols; j++) {
    if (a.isConstantColumn(j) || b.isConstantColumn(j) || pp[j] === 0 || tt[j] === 0) continue;
    sum += Math.max(-1, Math.min(1, pt[j]! / (Math.sqrt(pp[j]!) * Math.sqrt(tt[j]!))));
  }
  return sum / a.cols;
}

/** Exponents of two [cols], 0 for a column of ordinary range; null where all of them are. */
function columnUnits(embedding: WholeEmbedding): Int32Array | null {
  const { min, max } = embedding.columnRange;
  let units: Int32Array | null = null;
  for (let j = 0; j < min.length; j++) {
    const range = max[j]! - min[j]!;
    if (isOrdinary(range)) continue;
    units ??= new Int32Array(min.length);
    units[j] = exponentOf(range);
  }
  return units;
}

function inUnits(centred: Float64Array, units: Int32Array | null): Float64Array {
  if (units === null) return centred;
  return centred.map((x, k) => timesPowerOfTwo(x, -units[k % units.length]!));
}
