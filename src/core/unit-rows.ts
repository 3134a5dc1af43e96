import { type Embedding, isSafeSumOfSquares } from './embedding.js';
import { eachTimesPowerOfTwo, exponentOf } from './power-of-two.js';
import { isOrdinary, scaledRaw } from './scaled-values.js';

/** The rows divided by their norms, u, as differences from one direction. */
export interface UnitRows {
  /** u_i − anchor, [rows, cols]; a row of zeros stays zero, so it holds −anchor. */
  readonly offsets: Float64Array;
  /** The direction of the column mean, [cols]; zeros where there is none. */
  readonly anchor: Float64Array;
  /** 1 for a row with a direction, 0 for a row of zeros, [rows]. */
  readonly hasDirection: Uint8Array;
  /** How many rows have a direction. */
  readonly directions: number;
}

/**
 * Unit rows that keep their differences: rows far from the origin and close together have almost one direction, and
 * dividing by the norm first would round away what tells them apart.
 */
export function unitRows(embedding: Embedding): UnitRows {
  const { rows, cols } = embedding;
  const { data, exponent } = ordinaryRaw(embedding);
  const centre = eachTimesPowerOfTwo(embedding.columnMeans, -exponent);
  let squaredCentre = 0;
  for (const c of centre) squaredCentre += c * c;
  const anchored = isSafeSumOfSquares(squaredCentre);
  const centreNorm = Math.sqrt(squaredCentre);
  const anchor = anchored ? centre.map((c) => c / centreNorm) : new Float64Array(cols);
  const offsets = new Float64Array(rows * cols);
  const hasDirection = new Uint8Array(rows);
  let directions = 0;
  for (let start = 0, i = 0; i < rows; i++, start += cols) {
    let squared = 0;
    let apart = 0;
    let along = 0;
    for (let j = 0, k = start; j < cols; j++, k++) {
      const x = data[k]!;
      const c = centre[j]!;
      const d = x - c;
      squared += x * x;
      apart += d * d;
      along += d * c;
    }
    if (anchored && apart < squaredCentre / 4) {
      // ‖c‖/‖x‖ − 1, from ‖x‖² = ‖c‖² + 2 c·d + ‖d‖² with d = x − c.
      const growth = Math.expm1(-0.5 * Math.log1p((2 * along + apart) / squaredCentre));
      for (let j = 0; j < cols; j++) {
        const d = data[start + j]! - centre[j]!;
        offsets[start + j] = (d + d * growth + centre[j]! * growth) / centreNorm;
      }
    } else if (isSafeSumOfSquares(squared)) {
      const norm = Math.sqrt(squared);
      for (let j = 0, k = start; j < cols; j++, k++) offsets[k] = data[k]! / norm - anchor[j]!;
    } else if (!normaliseExtremeRow(data.subarray(start, start + cols), anchor, offsets, start)) continue;
    hasDirection[i] = 1;
    directions++;
  }
  return { offsets, anchor, hasDirection, directions };
}

/** The values as they are unless they are extreme: unlike `scaledRaw` without a copy of what needs none. */
function ordinaryRaw(embedding: Embedding): { data: Float32Array | Float64Array; exponent: number } {
  const { min, max } = embedding.extent;
  if (isOrdinary(Math.max(Math.abs(min), Math.abs(max)))) return { data: embedding.matrix.data, exponent: 0 };
  return scaledRaw(embedding);
}

/** Writes row/‖row‖ − anchor at `start`, of a row whose squares over- or underflow; false for a row of zeros. */
function normaliseExtremeRow(
  row: Float32Array | Float64Array,
  anchor: Float64Array,
  out: Float64Array,
  start: number,
): boolean {
  let largest = 0;
  for (const x of row) largest = Math.max(largest, Math.abs(x));
  if (largest === 0) {
    for (let j = 0; j < row.length; j++) out[start + j] = -anchor[j]!;
    return false;
  }
  const near1 = eachTimesPowerOfTwo(new Float64Array(row), -exponentOf(largest));
  let squared = 0;
  for (const x of near1) squared += x * x;
  const norm = Math.sqrt(squared);
  for (let j = 0; j < near1.length; j++) out[start + j] = near1[j]! / norm - anchor[j]!;
  return true;
}

/** The offsets of the rows that have a direction, [directions, cols]. */
export function directionOffsets(embedding: Embedding): Float64Array {
  const { offsets, hasDirection, directions } = embedding.shared(unitRows);
  const { rows, cols } = embedding;
  if (directions === rows) return offsets;
  const kept = new Float64Array(directions * cols);
  for (let i = 0, next = 0; i < rows; i++) {
    if (hasDirection[i] === 0) continue;
    kept.set(offsets.subarray(i * cols, (i + 1) * cols), next);
    next += cols;
  }
  return kept;
}
