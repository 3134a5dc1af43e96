import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { allocateFloats, type ReadMemory } from './allocate.js';
import type { LoadedMatrix, RowRange } from './define-format.js';
import { flattenNotes, product } from './description.js';
import { readFortranRows } from './fortran.js';
import { NUMERIC, type NumericType } from './numeric.js';
import { asOwned, type OwnedFloats } from './pool.js';
import { readNumeric } from './read-numeric.js';
import { countRows, resolveRanges } from './row-ranges.js';

/** Numbers that lie in one run, plain, as an npy file or a safetensors file holds them. */
export interface StoredArray {
  readonly type: NumericType;
  readonly bigEndian: boolean;
  readonly shape: readonly number[];
  readonly order: 'C' | 'F';
  /** Byte position of the first element; any alignment. */
  readonly dataStart: number;
}

export interface ReadLimits extends ReadMemory {
  /** Bytes of the budget that are taken already: an array that was decompressed first. */
  readonly taken?: number;
  /** All bytes of the source, where nothing else reads them: the result may be a view of them. */
  readonly own?: Uint8Array<ArrayBuffer>;
}

/** Reads rows of an array of two or more axes, leading axes flattened. E209 and E208 for what is no matrix. */
export function readStoredMatrix(
  source: ByteSource,
  array: StoredArray,
  rows: readonly RowRange[] | undefined,
  limits: ReadLimits,
): LoadedMatrix {
  const { own, taken } = limits;
  const { shape, order, type } = array;
  const cols = matrixWidth(shape);
  const total = product(shape.slice(0, -1));
  const ranges = resolveRanges(rows, total);
  const wanted = countRows(ranges);
  const count = wanted * cols;
  const view = own === undefined || rows !== undefined ? null : viewOf(own, array, count);
  const data = view ?? allocateFloats(count, NUMERIC[type].wide, limits, taken);
  if (view === null) {
    if (order === 'C') readCRows(source, array, cols, ranges, data);
    else readFortranRows(source, array, shape, ranges, data);
  }
  source.verifyUnchanged();
  return {
    matrix: { data, rows: wanted, cols },
    dtype: type,
    shape,
    notes: flattenNotes(shape, total),
  };
}

/** The whole array as it lies in `bytes`, where it lies there as a matrix does; null where it must be copied. */
function viewOf(
  { buffer, byteOffset }: Uint8Array<ArrayBuffer>,
  { type, bigEndian, order, dataStart }: StoredArray,
  count: number,
): OwnedFloats | null {
  const start = byteOffset + dataStart;
  if (bigEndian || order !== 'C' || start % NUMERIC[type].bytes !== 0) return null;
  if (type === 'float32') return asOwned(new Float32Array(buffer, start, count));
  return type === 'float64' ? asOwned(new Float64Array(buffer, start, count)) : null;
}

/** Reads an array of one axis, or of none, as float64. E209 for any other. */
export function readStoredVector(
  source: ByteSource,
  array: StoredArray,
  rows: readonly RowRange[] | undefined,
  limits: ReadLimits,
): Float64Array {
  if (array.shape.length > 1) throw notAVector(array.shape);
  const ranges = resolveRanges(rows, product(array.shape));
  const out = allocateFloats(countRows(ranges), true, limits, limits.taken);
  readCRows(source, array, 1, ranges, out);
  source.verifyUnchanged();
  return out as Float64Array;
}

/** E209 for what has more than one number a row. */
export function notAVector(shape: readonly (number | null)[]): InputError {
  const stored = `shape [${shape.map((n) => n ?? '?').join(', ')}]`;
  return new InputError('E209', `${stored} has ${shape.length} axes; one number a row is needed`, {
    hint: 'save one number a row: `np.save(path, np.ravel(x))`',
  });
}

function readCRows(
  source: ByteSource,
  array: StoredArray,
  cols: number,
  ranges: readonly RowRange[],
  out: Float32Array | Float64Array,
): void {
  const rowBytes = cols * NUMERIC[array.type].bytes;
  let at = 0;
  for (const [start, end] of ranges) {
    const count = (end - start) * cols;
    const position = array.dataStart + start * rowBytes;
    const where = (i: number): string => `row ${start + Math.floor(i / cols)}, column ${i % cols}`;
    readNumeric(source, { ...array, position, count }, out, at, where);
    at += count;
  }
}

/** The last axis of two or more, none of them empty. */
export function matrixWidth(shape: readonly number[]): number {
  const cols = shape.at(-1);
  const stored = `shape [${shape.join(', ')}]`;
  if (cols === undefined || shape.length < 2) {
    throw new InputError(
      'E209',
      `${stored} has ${shape.length === 0 ? 'no axes' : '1 axis'}; a matrix needs 2`,
      {
        hint: 'save [N, D], samples by dimensions: `x[None]` for one sample, or `np.reshape(x, (n, d))`',
      },
    );
  }
  if (cols === 0) throw new InputError('E208', `${stored} has no dimensions`);
  if (shape.includes(0)) throw new InputError('E208', `${stored} has no rows`);
  return cols;
}
