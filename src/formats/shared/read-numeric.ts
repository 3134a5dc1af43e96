import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { decodeNumeric, type Floats, NUMERIC, type NumericType, swapBytes } from './numeric.js';

/** Bytes decoded at a time where they cannot be read straight into place; a multiple of eight. */
const WINDOW_BYTES = 2 ** 20;

export interface NumericRun {
  readonly type: NumericType;
  readonly bigEndian?: boolean;
  /** Byte position of the first element; any alignment. */
  readonly position: number;
  /** Elements to read. */
  readonly count: number;
}

/**
 * Reads a run of stored elements into `out[at …]`. float32 and float64 land in place without a copy; the rest
 * goes through one small window. Throws E222 for an integer beyond ±2^53; `where(i)` names element i of the run.
 */
export function readNumeric(
  source: ByteSource,
  run: NumericRun,
  out: Floats,
  at: number,
  where: (index: number) => string,
): void {
  const { type, position, count } = run;
  const size = NUMERIC[type].bytes;
  const inPlace =
    (type === 'float32' && out instanceof Float32Array) ||
    (type === 'float64' && out instanceof Float64Array);
  if (inPlace) {
    const raw = new Uint8Array(out.buffer, out.byteOffset + at * size, count * size);
    source.readInto(raw, position);
    if (run.bigEndian) swapBytes(raw, size);
    return;
  }
  const window = new Uint8Array(Math.min(WINDOW_BYTES, count * size));
  for (let done = 0; done < count; ) {
    const part = Math.min(count - done, WINDOW_BYTES / size);
    const raw = window.subarray(0, part * size);
    source.readInto(raw, position + done * size);
    if (run.bigEndian) swapBytes(raw, size);
    const beyond = decodeNumeric(type, raw, out, at + done);
    if (beyond >= 0) throw beyondExact(type, raw, beyond, where(done + beyond));
    done += part;
  }
}

function beyondExact(type: NumericType, raw: Uint8Array, index: number, where: string): InputError {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const value = type === 'int64' ? view.getBigInt64(index * 8, true) : view.getBigUint64(index * 8, true);
  return new InputError(
    'E222',
    `${where} is ${value}; a float64 represents integers exactly up to 2^53 = ${2 ** 53}`,
    {
      fields: { value: String(value), limit: 2 ** 53 },
    },
  );
}
