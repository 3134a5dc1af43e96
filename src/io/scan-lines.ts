import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';

/** What a text of lines comes to, before it is read. */
export interface LineCount {
  bytes: number;
  lines: number;
  /** The bytes of the longest line. */
  longest: number;
}

const CHUNK_BYTES = 2 ** 16;
const NEWLINE = 10;

/** Counts the lines of a text that comes in pieces. */
export class LineScan implements LineCount {
  bytes = 0;
  lines = 0;
  longest = 0;
  #length = 0;

  add(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#lengthen(end - start);
      if (this.#length > 0) this.lines++;
      this.#length = 0;
      start = end + 1;
    }
    this.#lengthen(chunk.length - start);
    this.bytes += chunk.length;
  }

  #lengthen(bytes: number): void {
    this.#length += bytes;
    this.longest = Math.max(this.longest, this.#length);
  }
}

/** Counts the lines of a regular file; null for anything else, and where it cannot be read. */
export function scanLines(path: string, cwd: string): LineCount | null {
  let fd: number;
  try {
    // Opening a FIFO waits for its writer otherwise.
    fd = openSync(resolve(cwd, path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return null;
    const scan = new LineScan();
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stat.size + 1));
    for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) scan.add(chunk.subarray(0, got));
    return scan;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
