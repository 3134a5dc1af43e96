/** A small writer of npy files for tests, independent of the reader: bytes are set one element at a time. */
export interface NpyToWrite {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  readonly version: 1 | 2 | 3;
  /** Bytes of blank after the dictionary; any number, so that the data may lie unaligned. */
  readonly padding: number;
  /** In C order. */
  readonly values: readonly number[];
}
export declare function writeNpy({ descr, shape, fortran, version, padding, values }: NpyToWrite): Uint8Array;
