import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { decodeNumeric, type Floats, NUMERIC, type NumericType, swapBytes } from '../shared/numeric.js';
import type { Walk } from './strided.js';

/** Bytes of a storage that are in memory at a time; a multiple of eight. */
const WINDOW_BYTES = 2 ** 20;

interface StoredRun {
  readonly type: NumericType;
  readonly bigEndian: boolean;
  /** Byte position of the storage. */
  readonly start: number;
  /** Its elements. */
  readonly count: number;
}

/**
 * Reads the elements of `walks` into their places in `out`, `cols` to a row. They go through one window that moves on
 * along the storage. Throws E222 for an integer beyond ±2^53 that is one of them.
 */
export function gather(
  source: ByteSource,
  run: StoredRun,
  walks: readonly Walk[],
  out: Floats,
  cols: number,
): void {
  const window = new Window(source, run);
  for (const { axes, offset, outOffset } of walks) {
    const inner = axes.at(-1) ?? { size: 1, stride: 0, outStride: 0 };
    const outer = axes.slice(0, -1);
    const index = outer.map(() => 0);
    let from = offset;
    let to = outOffset;
    for (;;) {
      for (let i = 0; i < inner.size; i++) {
        const place = to + i * inner.outStride;
        const value = window.at(from + i * inner.stride);
        if (Number.isNaN(value)) checkExact(window, from + i * inner.stride, place, cols);
        out[place] = value;
      }
      let k = outer.length - 1;
      for (; k >= 0; k--) {
        const { size, stride, outStride } = outer[k]!;
        from += stride;
        to += outStride;
        index[k]! += 1;
        if (index[k]! < size) break;
        from -= size * stride;
        to -= size * outStride;
        index[k] = 0;
      }
      if (k < 0) break;
    }
  }
}

function checkExact(window: Window, at: number, place: number, cols: number): void {
  const value = window.integer(at);
  if (value === null) return;
  const where = `row ${Math.floor(place / cols)}, column ${place % cols}`;
  throw new InputError(
    'E222',
    `${where} is ${value}; a float64 represents integers exactly up to 2^53 = ${2 ** 53}`,
    {
      fields: { value: String(value), limit: 2 ** 53 },
    },
  );
}

/** Decoded elements of a storage, NaN in place of an integer that a float64 cannot hold. */
class Window {
  #from = 0;
  #to = 0;
  readonly #size: number;
  readonly #raw: Uint8Array;
  readonly #values: Floats;

  constructor(
    private readonly source: ByteSource,
    private readonly run: StoredRun,
  ) {
    const { bytes, wide } = NUMERIC[run.type];
    this.#size = Math.min(run.count, WINDOW_BYTES / bytes);
    this.#raw = new Uint8Array(this.#size * bytes);
    this.#values = wide ? new Float64Array(this.#size) : new Float32Array(this.#size);
  }

  at(index: number): number {
    if (index < this.#from || index >= this.#to) this.load(index);
    return this.#values[index - this.#from]!;
  }

  /** Returns the integer at `index`, which is in the window; null for a type that has none beyond 2^53. */
  integer(index: number): bigint | null {
    const { type } = this.run;
    if (type !== 'int64' && type !== 'uint64') return null;
    const view = new DataView(this.#raw.buffer, (index - this.#from) * 8, 8);
    return type === 'int64' ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
  }

  private load(index: number): void {
    const { type, bigEndian, start, count } = this.run;
    const { bytes } = NUMERIC[type];
    const size = Math.min(this.#size, count - index);
    const raw = this.#raw.subarray(0, size * bytes);
    this.source.readInto(raw, start + index * bytes);
    if (bigEndian) swapBytes(raw, bytes);
    for (let done = 0; done < size; ) {
      const beyond = decodeNumeric(type, raw.subarray(done * bytes), this.#values, done);
      if (beyond < 0) break;
      this.#values[done + beyond] = Number.NaN;
      done += beyond + 1;
    }
    this.#from = index;
    this.#to = index + size;
  }
}
