import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import type { ArrayDescription, OpenedFile, OpenOptions } from '../shared/define-format.js';
import {
  type ReadLimits,
  readStoredMatrix,
  readStoredVector,
  type StoredArray,
} from '../shared/stored-array.js';
import { type NpyDtype, refuseDtype } from './dtype.js';
import { type NpyHeader, readNpyHeader } from './header.js';

/** Opens numpy's .npy, versions 1.0 to 3.0: real numbers of either byte order, C or Fortran order, any alignment. It may be
 * a file or what a member of an archive holds. */
export async function openNpy(source: ByteSource, options: OpenOptions & ReadLimits): Promise<OpenedFile> {
  const header = readNpyHeader(source);
  checkPayload(header, source.byteLength);
  const dtype = asMeant(header, options);

  return {
    format: 'npy',
    arrays: [describe(dtype, header)],
    metadata: {},
    warnings: [],
    async readMatrix(key, rows) {
      checkKey(key);
      return readStoredMatrix(source, stored(dtype, header, source.path), rows, options);
    },
    async readVector(key, rows) {
      checkKey(key);
      return readStoredVector(source, stored(dtype, header, source.path), rows, options);
    },
    close: () => source.close(),
  };
}

function stored(dtype: NpyDtype, { shape, order, dataStart }: NpyHeader, path: string): StoredArray {
  if (dtype.numeric === null) throw refuseDtype(dtype, shape, path);
  return { type: dtype.numeric, bigEndian: dtype.bigEndian, shape, order, dataStart };
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

/** numpy has no bfloat16: its bits are saved as two raw bytes, or as a matrix of 16-bit integers. */
function asMeant({ dtype, shape }: NpyHeader, options: OpenOptions): NpyDtype {
  const isBits = dtype.raw16 || (shape.length >= 2 && /^u?int16$/.test(dtype.name));
  return isBits && options.rawDtype === 'bfloat16'
    ? { ...dtype, name: 'bfloat16', numeric: 'bfloat16' }
    : dtype;
}

function describe(dtype: NpyDtype, { shape, order }: NpyHeader): ArrayDescription {
  const numbers = dtype.numeric !== null || dtype.raw16;
  const kind = !numbers ? 'other' : shape.length >= 2 ? 'matrix' : 'vector';
  return { key: null, dtype: dtype.name, shape, order, kind };
}

function checkKey(key: string | null): void {
  if (key === null) return;
  throw new InputError(
    'E213',
    `an .npy file has one array without a name; ${JSON.stringify(key)} was asked for`,
  );
}
