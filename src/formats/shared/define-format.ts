import type { ByteSource } from '#io/byte-source.js';
import type { ReadMemory } from './allocate.js';
import type { OwnedMatrix } from './pool.js';

/** Rows `[start, end)` of a stored array, leading axes flattened. */
export type RowRange = readonly [start: number, end: number];

/** What a header says of one array or column, before any value is read. */
export interface ArrayDescription {
  /** The array's name inside the file; null where a format holds one array without a name. */
  readonly key: string | null;
  /** numpy's name of the element type: 'float32', 'int64', 'bool', '<U148', … */
  readonly dtype: string;
  /** As stored; null where only the values show it (the width of a list column). */
  readonly shape: readonly (number | null)[];
  readonly order: 'C' | 'F';
  /** 'matrix': two or more axes of numbers; 'vector': one number a row; 'other': can be neither (strings, objects). */
  readonly kind: 'matrix' | 'vector' | 'other';
  /** 'deflate', 'zstd', …; absent where nothing is compressed. */
  readonly compression?: string;
  /** Ranges of its flattened rows, in order, that are only read whole (compressed); absent where any row is read alone. */
  readonly together?: readonly RowRange[];
}

export interface OpenOptions extends ReadMemory {
  /** How raw two-byte `<V2` elements are meant; without it they are refused. */
  readonly rawDtype?: 'bfloat16';
}

export interface LoadedMatrix {
  /** The reader's: no later read returns the same values. */
  readonly matrix: OwnedMatrix;
  readonly dtype: string;
  /** The stored shape, before leading axes were flattened. */
  readonly shape: readonly number[];
  /** What a user should know: "3-D [4, 8, 16] flattened to 32 rows". */
  readonly notes: readonly string[];
}

/** A file whose header has been read and checked. Reading values may still refuse. */
export interface OpenedFile {
  readonly format: string;
  readonly arrays: readonly ArrayDescription[];
  /** Schema-level key-value metadata (Arrow, safetensors); empty elsewhere. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** Reads an array as [rows, cols]; `rows` picks ranges, in order. Values are not checked for NaN or Inf here. */
  readMatrix(key: string | null, rows?: readonly RowRange[]): Promise<LoadedMatrix>;
  /** Reads one number a row: a step column, a kl_reg, a mask. A 0-d array counts as one row. */
  readVector(key: string | null, rows?: readonly RowRange[]): Promise<Float64Array>;
  /** Finds the stored shape of lists that the header has no length of, by the first row's. Absent where headers say all. */
  shapeOf?(key: string | null): Promise<readonly number[]>;
  /**
   * Counts what `readMatrix` takes at once, at most, with pages and buffers, without reading values; 0 where that is not
   * known. Absent where it is the matrix alone.
   */
  bytesToRead?(key: string | null, rows?: readonly RowRange[]): Promise<number>;
  close(): void;
}

export interface Format {
  readonly id: string;
  readonly title: string;
  /** With the dot. A file whose extension names another format than its magic bytes is read, with a warning. */
  readonly extensions: readonly string[];
  /** `head` is the file's first 64 bytes (fewer if it is shorter). */
  matches(head: Uint8Array): boolean;
  /** Throws `InputError` on anything it cannot read exactly. The caller owns `source` until `close`. */
  open(source: ByteSource, options: OpenOptions): Promise<OpenedFile>;
}
