import { centredColumnProducts } from './column-products.js';
import { type Embedding, isSafeSumOfSquares } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';

/**
 * The mean over dimensions of the Pearson correlation of the two columns, [rows, cols] each; a constant column counts
 * 0. Within [-1, 1].
 */
export function meanPearsonPerDim(a: Embedding, b: Embedding): number {
  const { rows, cols } = a;
  const pp = a.columnMoments.squares;
  const tt = b.columnMoments.squares;
  const pt = centredColumnProducts(a, b);
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    if (a.isConstantColumn(j) || b.isConstantColumn(j)) continue;
    sum +=
      isSafeSumOfSquares(pp[j]!) && isSafeSumOfSquares(tt[j]!)
        ? clamp(pt[j]! / (Math.sqrt(pp[j]!) * Math.sqrt(tt[j]!)))
        : correlation(nearOne(a.centred, j, rows, cols), nearOne(b.centred, j, rows, cols));
  }
  return sum / cols;
}

function correlation(p: Float64Array, t: Float64Array): number {
  let pp = 0;
  let tt = 0;
  let pt = 0;
  for (let i = 0; i < p.length; i++) {
    pp += p[i]! * p[i]!;
    tt += t[i]! * t[i]!;
    pt += p[i]! * t[i]!;
  }
  return pp === 0 || tt === 0 ? 0 : clamp(pt / (Math.sqrt(pp) * Math.sqrt(tt)));
}

/** Column j divided by a power of two near its largest entry. */
function nearOne(x: Float64Array, j: number, rows: number, cols: number): Float64Array {
  const column = Float64Array.from({ length: rows }, (_, i) => x[i * cols + j]!);
  let largest = 0;
  for (const entry of column) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0 || !Number.isFinite(largest)) return column;
  const exponent = exponentOf(largest);
  return column.map((entry) => timesPowerOfTwo(entry, -exponent));
}

function clamp(r: number): number {
  return Math.max(-1, Math.min(1, r));
}
