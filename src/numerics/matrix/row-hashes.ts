import type { MatrixFold, Rows } from './matrix-view.js';

/** What tells the rows of a matrix apart, without their values. */
export interface RowHashes {
  /**
   * 53 bits a row, in their order, block by block, of words spread over it: rows that are equal to the last bit have the same,
   * and no others, but by design. Of the first `COMPARED_ROWS` rows, or some more.
   */
  readonly blocks: readonly Float64Array[];
  /** Of all rows. */
  readonly digest: Digest;
  readonly rows: number;
}

/** What of the rows of a matrix catches the eye. */
export interface RowLooks {
  readonly zeroRows: number;
  /** True where every row that is not zero has length 1, as nearly as bfloat16 says it. */
  readonly areUnit: boolean;
  /** Of the first values: true where all of them are integers whose 16 bits make sense as bfloat16. */
  readonly areBfloat16Bits: boolean;
}

/** What the hashes of rows come to, in their order, and can go on from. */
type Digest = readonly [high: number, low: number];

/** So many rows are compared with each other: their hashes take 4 MiB, whatever the number of all rows. */
export const COMPARED_ROWS = 2 ** 19;

/** Two roundings of bfloat16. */
const UNIT_TOLERANCE = 4e-3;

/** So many spread over a row tell it from others, at a small share of what its metrics cost. */
const WORDS_A_ROW = 8;

export const ROW_HASHES: MatrixFold<RowHashes> = {
  name: 'row hashes',
  needs: [],
  part: (rows) => hashRows(rows),
  join: (a, b) => ({
    blocks: a.rows < COMPARED_ROWS ? [...a.blocks, ...b.blocks] : a.blocks,
    digest: b.blocks.reduce(continued, a.digest),
    rows: a.rows + b.rows,
  }),
};

export const ROW_LOOKS: MatrixFold<RowLooks> = {
  name: 'looks of the rows',
  needs: [],
  part: (rows) => lookAtRows(rows),
  join: (a, b) => ({
    zeroRows: a.zeroRows + b.zeroRows,
    areUnit: a.areUnit && b.areUnit,
    areBfloat16Bits: a.areBfloat16Bits && b.areBfloat16Bits,
  }),
};

function hashRows({ matrix: { data, rows, cols } }: Rows): RowHashes {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const perRow = words.length / rows;
  const hashes = new Float64Array(Math.min(rows, COMPARED_ROWS));
  const later = new Float64Array(1);
  let digest = NOTHING;
  // Odd: of float64 both words are met.
  const stride = Math.floor(perRow / WORDS_A_ROW) | 1;
  for (let i = 0; i < rows; i++) {
    const start = i * perRow;
    const end = start + perRow;
    let high = 1;
    let low = 2;
    let hasZero = false;
    for (let k = start; k < end; k += stride) {
      const word = words[k]!;
      if (word === 0) hasZero = true;
      high = mixed(high, word);
      low = mixed(low ^ high, word);
    }
    // Rows that are mostly zero differ where few words look.
    if (hasZero && stride > 1 && !isZeroRow(data, i * cols, cols)) {
      for (let k = start; k < end; k++) {
        high = mixed(high, words[k]!);
        low = mixed(low ^ high, words[k]!);
      }
    }
    if (i < COMPARED_ROWS) hashes[i] = joined(high, low);
    if (i === hashes.length - 1) digest = continued(digest, hashes);
    if (i < COMPARED_ROWS) continue;
    later[0] = joined(high, low);
    digest = continued(digest, later);
  }
  return { blocks: [hashes], digest, rows };
}

function lookAtRows({ matrix: { data, rows, cols } }: Rows): RowLooks {
  let zeroRows = 0;
  let areUnit = cols > 1;
  for (let i = 0, start = 0; i < rows; i++, start += cols) {
    if (data[start] === 0 && isZeroRow(data, start, cols)) zeroRows++;
    else if (areUnit) areUnit = isUnitRow(data, start, cols);
  }
  return { zeroRows, areUnit: areUnit && zeroRows < rows, areBfloat16Bits: areBfloat16Bits(data) };
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** 53 bits of two hashes. */
function joined(high: number, low: number): number {
  const last = mixed(low, high);
  return (mixed(high, last) >>> 11) * 2 ** 32 + (last >>> 0);
}

function isZeroRow(data: Rows['matrix']['data'], start: number, cols: number): boolean {
  for (let k = start; k < start + cols; k++) if (data[k] !== 0) return false;
  return true;
}

function isUnitRow(data: Rows['matrix']['data'], start: number, cols: number): boolean {
  let squares = 0;
  for (let k = start; k < start + cols; k++) squares += data[k]! * data[k]!;
  return Math.abs(Math.sqrt(squares) - 1) < UNIT_TOLERANCE;
}

const NOTHING: Digest = [5, 6];

function continued([high, low]: Digest, hashes: Float64Array): Digest {
  for (const hash of hashes) {
    low = mixed(low, hash | 0);
    high = mixed(high, (hash / 2 ** 32) ^ low);
  }
  return [high, low];
}

/** One number for all rows in their order, as 14 hexadecimal digits. */
export function digestOf({ digest: [high, low] }: RowHashes): string {
  return joined(high, low).toString(16).padStart(14, '0');
}

/** True where no two of the rows that are compared are equal. */
export function areDistinct(hashes: RowHashes): boolean {
  const sorted = wholeOf(hashes).slice().sort();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return false;
  return true;
}

/**
 * How many of the first `COMPARED_ROWS` rows, each a row of every matrix that is given, are equal to an earlier one; 0 where
 * all are one row.
 */
export function countDuplicates(sides: readonly RowHashes[]): number {
  const hashes = wholeHashes(sides);
  const size = 2 ** Math.ceil(Math.log2(2 * hashes.length + 1));
  /** Open addressing: the number of a row plus 1, 0 where a place is free. */
  const table = new Uint32Array(size);
  let distinct = 0;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i]!;
    let at = mixed(hash | 0, hash / 2 ** 32) & (size - 1);
    while (table[at] !== 0 && hashes[table[at]! - 1] !== hash) at = (at + 1) & (size - 1);
    if (table[at] !== 0) continue;
    table[at] = i + 1;
    distinct++;
  }
  return distinct === 1 ? 0 : hashes.length - distinct;
}

function wholeHashes(sides: readonly RowHashes[]): Float64Array {
  const [first, ...others] = sides.map(wholeOf);
  return others.reduce(
    (all, other) =>
      all.map((hash, i) =>
        joined(mixed(hash | 0, other[i]! | 0), mixed(hash / 2 ** 32, other[i]! / 2 ** 32)),
      ),
    first!,
  );
}

function wholeOf({ blocks, rows }: RowHashes): Float64Array {
  if (blocks.length === 1) return blocks[0]!;
  const all = new Float64Array(Math.min(rows, COMPARED_ROWS));
  let at = 0;
  for (const block of blocks) {
    const part = block.subarray(0, all.length - at);
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** So many values say what the rest is. */
const LOOKED_AT = 4096;
/** Exponents of bfloat16 that values of a network have: 2^-30 to 2^15. */
const [LEAST_EXPONENT, MOST_EXPONENT] = [97, 142];

function areBfloat16Bits(data: Rows['matrix']['data']): boolean {
  if (data instanceof Float32Array) return false;
  const count = Math.min(data.length, LOOKED_AT);
  let [zeros, positive, negative] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const value = data[k]!;
    if (!Number.isInteger(value) || value < -(2 ** 15) || value >= 2 ** 16) return false;
    const bits = value & 0xffff;
    const exponent = (bits >>> 7) & 0xff;
    if ((bits & 0x7fff) === 0) zeros++;
    else if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT) return false;
    else if (bits & 0x8000) negative++;
    else positive++;
  }
  // Integers of one sign without a zero are as well counts or pixels.
  const isTwoSided = Math.min(positive, negative) > 0.05 * count;
  return isTwoSided || (zeros > 0.01 * count && positive > 0.05 * count);
}
