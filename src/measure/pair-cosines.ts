import type { Matrix } from '#numerics/matrix/matrix.js';

/** 40 rows are 780 pairs: enough to see classes, and about a kilobyte of a record. */
const MOST_ROWS = 40;
/** A cosine of 1 as an integer; what has none is one below the least. */
const FULL_SCALE = 127;
const NONE = -128;

/**
 * Chooses, of `count` rows, those whose pairs are recorded: at regular distances, those of one label beside each other.
 *
 * @param labels Of each row, where they are known.
 */
export function rowsOfPairs(count: number, labels: readonly string[] | undefined): number[] {
  const every = Math.ceil(count / MOST_ROWS);
  const rows = Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
  if (labels === undefined) return rows;
  const collator = new Intl.Collator('en', { numeric: true });
  return rows.sort((a, b) => collator.compare(labels[a]!, labels[b]!) || a - b);
}

/**
 * Writes the cosine of each pair of rows, [N, D], about no centre: of the first with the second, with the third, …, the second
 * with the third, …, as int8 / 127 in base64; -128 where a row is 0.
 */
export function packedCosines({ data, cols }: Matrix, rows: readonly number[]): string {
  const directions = rows.map((row) => direction(data.subarray(row * cols, (row + 1) * cols)));
  const bytes = Buffer.alloc((rows.length * (rows.length - 1)) / 2);
  let at = 0;
  for (const [i, a] of directions.entries()) {
    for (const b of directions.slice(i + 1))
      bytes.writeInt8(a === null || b === null ? NONE : scaled(a, b), at++);
  }
  return bytes.toString('base64');
}

function scaled(a: Float64Array, b: Float64Array): number {
  let cosine = 0;
  for (let j = 0; j < a.length; j++) cosine += a[j]! * b[j]!;
  return Math.round(Math.max(-1, Math.min(1, cosine)) * FULL_SCALE);
}

/** A row of norm 1; null for a row of zeros. Divided by its largest value first, so that no square overflows. */
function direction(row: ArrayLike<number>): Float64Array | null {
  let largest = 0;
  for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]!));
  if (largest === 0) return null;
  const out = Float64Array.from(row, (x) => x / largest);
  const norm = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0));
  return out.map((x) => x / norm);
}
