import { InputError } from '../errors.js';
import type { ByteSource } from '../io/byte-source.js';
import { allocateFloats } from './allocate.js';
import {
  type ArrayDescription,
  defineFormat,
  type LoadedMatrix,
  type OpenedFile,
  type OpenOptions,
  type RowRange,
} from './define-format.js';
import { flattenNotes } from './flatten-note.js';
import { crossCheckHeader } from './npy-cross-check.js';
import { type NpyDtype, refuseDtype } from './npy-dtype.js';
import { readFortranRows } from './npy-fortran.js';
import { type NpyHeader, readNpyHeader } from './npy-header.js';
import { NUMERIC, type NumericType } from './numeric.js';
import { product } from './product.js';
import { readNumeric } from './read-numeric.js';
import { countRows, resolveRanges } from './row-ranges.js';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** numpy's .npy, versions 1.0 to 3.0: real numbers of either byte order, C or Fortran order, any alignment. */
export const npy = defineFormat({
  id: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],
  matches: (head) => MAGIC.every((byte, i) => head[i] === byte),
  open: openNpy,
});

async function openNpy(source: ByteSource, options: OpenOptions): Promise<OpenedFile> {
  const header = readNpyHeader(source);
  crossCheckHeader(header);
  checkPayload(header, source.byteLength);
  const dtype = asMeant(header.dtype, options);
  const { shape } = header;

  return {
    format: 'npy',
    arrays: [describe(dtype, header)],
    metadata: {},
    warnings: [],
    async readMatrix(key, rows) {
      checkKey(key);
      const type = numericType(dtype);
      const cols = matrixWidth(shape);
      return readMatrix(
        source,
        { ...header, type, bigEndian: dtype.bigEndian, name: dtype.name },
        cols,
        rows,
        options,
      );
    },
    async readVector(key, rows) {
      checkKey(key);
      const type = numericType(dtype);
      if (shape.length > 1) {
        throw new InputError(
          'E209',
          `shape [${shape.join(', ')}] has ${shape.length} axes; one number a row is needed`,
          {
            hint: 'save one number a row: `np.save(path, np.ravel(x))`',
          },
        );
      }
      const ranges = resolveRanges(rows, header.count);
      const out = allocateFloats(countRows(ranges), true, options.maxMemory);
      readCRows(source, { ...header, type, bigEndian: dtype.bigEndian }, 1, ranges, out);
      source.verifyUnchanged();
      return out as Float64Array;
    },
    close: () => source.close(),
  };
}

interface Payload {
  readonly type: NumericType;
  readonly bigEndian: boolean;
  readonly dataStart: number;
}

function readMatrix(
  source: ByteSource,
  array: Payload & Pick<NpyHeader, 'shape' | 'order'> & { readonly name: string },
  cols: number,
  rows: readonly RowRange[] | undefined,
  options: OpenOptions,
): LoadedMatrix {
  const { shape, order, type } = array;
  const total = product(shape.slice(0, -1));
  const ranges = resolveRanges(rows, total);
  const wanted = countRows(ranges);
  const data = allocateFloats(wanted * cols, NUMERIC[type].wide, options.maxMemory);
  if (order === 'C') readCRows(source, array, cols, ranges, data);
  else readFortranRows(source, array, shape, ranges, data);
  source.verifyUnchanged();
  return {
    matrix: { data, rows: wanted, cols },
    dtype: array.name,
    shape,
    notes: flattenNotes(shape, total),
  };
}

function readCRows(
  source: ByteSource,
  array: Payload,
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

/** The file must end exactly where the last element does. */
function checkPayload({ dtype, count, shape, dataStart }: NpyHeader, byteLength: number): void {
  if (dtype.itemSize === null) return;
  const expected = count * dtype.itemSize;
  const actual = byteLength - dataStart;
  if (expected === actual) return;
  const what = actual < expected ? 'cut short' : 'longer than its header says';
  throw new InputError(
    'E203',
    `the file is ${what}: shape [${shape.join(', ')}] of ${dtype.name} needs ${expected} bytes, ${actual} follow the header`,
    { fields: { expected, actual } },
  );
}

function asMeant(dtype: NpyDtype, options: OpenOptions): NpyDtype {
  return dtype.raw16 && options.rawDtype === 'bfloat16'
    ? { ...dtype, name: 'bfloat16', numeric: 'bfloat16' }
    : dtype;
}

function describe(dtype: NpyDtype, { shape, order }: NpyHeader): ArrayDescription {
  const numbers = dtype.numeric !== null || dtype.raw16;
  const kind = !numbers ? 'other' : shape.length >= 2 ? 'matrix' : 'vector';
  return { key: null, dtype: dtype.name, shape, order, kind };
}

function numericType(dtype: NpyDtype): NumericType {
  if (dtype.numeric === null) throw refuseDtype(dtype);
  return dtype.numeric;
}

/** The last axis of two or more, none of them empty. */
function matrixWidth(shape: readonly number[]): number {
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

function checkKey(key: string | null): void {
  if (key === null) return;
  throw new InputError(
    'E213',
    `an .npy file holds one array without a name; ${JSON.stringify(key)} was asked for`,
  );
}
