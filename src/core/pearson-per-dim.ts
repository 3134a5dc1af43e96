import { type Embedding, isSafeSumOfSquares } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';

/**
 * The mean over dimensions of the Pearson correlation of the two columns, [rows, cols] each; a constant column counts
 * 0. Within [-1, 1].
 */
export function meanPearsonPerDim(a: Embedding, b: Embedding): number {
  const { rows, cols } = a;
  const p = a.centred;
  const t = b.centred;
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
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    if (a.isConstantColumn(j) || b.isConstantColumn(j)) continue;
    sum +=
      isSafeSumOfSquares(pp[j]!) && isSafeSumOfSquares(tt[j]!)
        ? clamp(pt[j]! / (Math.sqrt(pp[j]!) * Math.sqrt(tt[j]!)))
        : correlation(nearOne(p, j, rows, cols), nearOne(t, j, rows, cols));
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
