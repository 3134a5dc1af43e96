import { InputError } from '#errors.js';
import { elementRefusal } from '../shared/element-refusal.js';
import type { NumericType } from '../shared/numeric.js';

/** The element type of an npy file. */
export interface NpyDtype {
  /** numpy's name where the values are numbers ('float32'), else the descr as written ('<U148'). */
  readonly name: string;
  /** Bytes an element; null where only numpy knows (objects, structured types). */
  readonly itemSize: number | null;
  /** How to decode it; null where the values are no real numbers. */
  readonly numeric: NumericType | null;
  readonly bigEndian: boolean;
  /** Two raw bytes an element: what bfloat16 looks like in an npy file. */
  readonly raw16: boolean;
}

const NUMBERS: Readonly<Record<string, NumericType>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** Bytes for each unit of the number in a descr: `<U3` is three characters of four bytes. */
const UNIT_BYTES: Readonly<Record<string, number>> = { U: 4, S: 1, a: 1, V: 1, c: 1, f: 1, M: 1, m: 1 };

/** Reads a descr such as `<f4`. Throws E204 for one that numpy would not write. */
export function parseDescr(descr: string): NpyDtype {
  const parts = /^([<>|])([biufcOSaUVMm])(\d{0,9})(\[[\w/]+\])?$/.exec(descr);
  if (parts === null)
    throw new InputError('E204', `the header has an unknown descr ${JSON.stringify(descr)}`);
  const [, order = '', kind = '', digits = '', unit] = parts;
  const number = NUMBERS[kind + digits];
  const base = { name: descr, bigEndian: order === '>', raw16: false };
  if (number !== undefined) {
    const itemSize = Number(digits);
    if (order === '|' && itemSize > 1) {
      throw new InputError('E204', `the header's descr ${JSON.stringify(descr)} has no byte order`);
    }
    return { ...base, name: number, itemSize, numeric: number };
  }
  if (kind === 'O' && digits === '') return { ...base, itemSize: null, numeric: null };
  const unitBytes = UNIT_BYTES[kind];
  const dated = kind === 'M' || kind === 'm';
  if (unitBytes === undefined || digits === '' || (unit !== undefined && !dated)) {
    throw new InputError('E204', `the header has an unknown descr ${JSON.stringify(descr)}`);
  }
  const itemSize = Number(digits) * unitBytes;
  return { ...base, itemSize, numeric: null, raw16: kind === 'V' && itemSize === 2 && order !== '>' };
}

/** A descr that is a list of fields. */
export const STRUCTURED: NpyDtype = {
  name: 'structured',
  itemSize: null,
  numeric: null,
  bigEndian: false,
  raw16: false,
};

/** E206, with what this element type is and what to do about it. */
export function refuseDtype(dtype: NpyDtype, shape: readonly number[], path: string): InputError {
  if (dtype.raw16) {
    return new InputError('E206', `the elements are two raw bytes (${dtype.name}): perhaps bfloat16`, {
      hint: 'if they are bfloat16, pass `--dtype bfloat16`; else convert to float32 before saving',
    });
  }
  return elementRefusal(dtype.name, shape, { path });
}
