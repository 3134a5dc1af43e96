import type { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { damaged, decodeLz4Block } from './lz4-block.js';
import { xxh32 } from './xxh32.js';

const MAGIC = 0x184d2204;
/** Largest block by the descriptor's code 4 to 7. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 2 ** 16, 5: 2 ** 18, 6: 2 ** 20, 7: 2 ** 22 };
/** The largest that any block takes. */
export const MAX_BLOCK_BYTES = 2 ** 22;
/** Set where a block is stored as it is. */
const STORED = 0x80000000;

/**
 * Decodes the LZ4 frames in bytes `[start, end)` so that they fill `out` exactly, a block at a time. Header, block
 * and content checksums are verified where the writer put them. Throws E204 for anything that does not fit.
 */
export function decodeLz4Frames(source: ByteSource, start: number, end: number, out: Uint8Array): void {
  let at = start;
  let done = 0;
  while (at < end) {
    const frame = readDescriptor(source, at, end);
    const begin = done;
    at = frame.next;
    for (;;) {
      const word = readWord(source, at, end);
      at += 4;
      if (word === 0) break;
      const stored = (word & STORED) !== 0;
      const length = word & ~STORED;
      if (length > frame.blockBytes)
        throw damaged(`a block of ${length} bytes; ${frame.blockBytes} is the most`);
      if (at + length > end) throw damaged(`a block ends at byte ${at + length}, the data at ${end}`);
      if (stored && !frame.blockChecksums) {
        if (done + length > out.length) throw tooMuch(out.length);
        source.readInto(out.subarray(done, done + length), at);
        done += length;
      } else {
        const block = source.slice(at, at + length);
        if (frame.blockChecksums && xxh32(block) !== readWord(source, at + length, end)) {
          throw damaged(`the block at byte ${at} does not match its checksum`);
        }
        if (!stored) done = decodeLz4Block(block, out, done, frame.linked ? begin : done);
        else if (done + length > out.length) throw tooMuch(out.length);
        else {
          out.set(block, done);
          done += length;
        }
      }
      at += length + (frame.blockChecksums ? 4 : 0);
    }
    if (frame.contentBytes !== null && frame.contentBytes !== done - begin) {
      throw damaged(`a frame claims ${frame.contentBytes} bytes and has ${done - begin}`);
    }
    if (frame.contentChecksum) {
      if (xxh32(out.subarray(begin, done)) !== readWord(source, at, end)) {
        throw damaged('the content does not match its checksum');
      }
      at += 4;
    }
  }
  if (done !== out.length) throw damaged(`${out.length} bytes are expected; it has ${done}`);
}

interface Descriptor {
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentBytes: number | null;
  readonly blockBytes: number;
  readonly next: number;
}

function readDescriptor(source: ByteSource, at: number, end: number): Descriptor {
  if (readWord(source, at, end) !== MAGIC) throw damaged(`no frame begins at byte ${at}`);
  const head = source.slice(at + 4, Math.min(end, at + 4 + 15));
  const flags = head[0] ?? 0;
  const sized = (flags & 8) !== 0;
  const dictionary = (flags & 1) !== 0;
  const length = 2 + (sized ? 8 : 0) + (dictionary ? 4 : 0);
  const blockBytes = BLOCK_BYTES[((head[1] ?? 0) >> 4) & 7];
  if (head.length <= length || flags >> 6 !== 1 || blockBytes === undefined) {
    throw damaged(`the frame at byte ${at} has no known descriptor`);
  }
  if (dictionary) throw damaged('it needs a dictionary, which no file carries');
  if (((xxh32(head.subarray(0, length)) >>> 8) & 0xff) !== head[length]) {
    throw damaged(`the descriptor at byte ${at} does not match its checksum`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return {
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentBytes: sized ? Number(view.getBigUint64(2, true)) : null,
    blockBytes,
    next: at + 4 + length + 1,
  };
}

function readWord(source: ByteSource, at: number, end: number): number {
  if (at + 4 > end) throw damaged(`it ends at byte ${end}; byte ${at + 4} is needed`);
  const bytes = source.slice(at, at + 4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function tooMuch(expected: number): InputError {
  return damaged(`it has more than the ${expected} bytes expected`);
}
