import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a look into a file found, without reading all of a large one. */
export interface FileSample {
  /** Of the bytes that were looked at. */
  readonly digest: string;
  /** Whether there are zeros in a row, as where a file has its size and waits for its content. */
  readonly hasZeros: boolean;
  /** Whether it begins with zeros: its header is not there. */
  readonly isBlank: boolean;
}

const PAGE = 4096;
const MOST_PAGES = 256;
const ZEROS = Buffer.alloc(32);
/** No format begins with as many. */
const HEADER = 8;

/** Looks at up to 1 MiB of a file, in pages spread evenly from its start to its end; null where it cannot be read. */
export function sampleFile(path: string): FileSample | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const { size } = fstatSync(fd);
      const hash = createHash('sha1');
      let hasZeros = false;
      let isBlank = false;
      for (const { start, length } of pagesOf(size)) {
        const bytes = Buffer.alloc(length);
        const got = bytes.subarray(0, readSync(fd, bytes, 0, length, start));
        hash.update(got);
        hasZeros ||= got.includes(ZEROS);
        isBlank ||= start === 0 && got.subarray(0, HEADER).every((byte) => byte === 0);
      }
      return { digest: hash.digest('hex'), hasZeros, isBlank };
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

function pagesOf(size: number): { readonly start: number; readonly length: number }[] {
  if (size <= PAGE * MOST_PAGES) return [{ start: 0, length: size }];
  return Array.from({ length: MOST_PAGES }, (_, i) => ({
    start: Math.round(((size - PAGE) * i) / (MOST_PAGES - 1)),
    length: PAGE,
  }));
}
