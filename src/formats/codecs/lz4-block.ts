import { damagedIn } from '../shared/damaged.js';
import { copyMatch, SHORT_COPY } from './copy-match.js';
import { mismatch } from './undecodable.js';

/** Makes the E204 for LZ4 data that contradict themselves. */
export const damaged = damagedIn('the LZ4 data are');

/**
 * Decodes one LZ4 block into `out[at …]` and returns where it ended. Matches may reach back into what was in `out`
 * before `at`, no further than `floor`. Never writes beyond `out`; throws E204 for a block that would, or that
 * contradicts itself.
 */
export function decodeLz4Block(block: Uint8Array, out: Uint8Array, at: number, floor = at): number {
  const end = block.length;
  let from = 0;
  let to = at;
  while (from < end) {
    const token = block[from++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (from >= end) throw damaged('a run of literals has no length');
        more = block[from++] as number;
        literals += more;
      } while (more === 255);
    }
    if (from + literals > end || to + literals > out.length) {
      throw damaged(`${literals} literals at byte ${to} of ${out.length}`);
    }
    if (literals < SHORT_COPY) {
      for (let i = 0; i < literals; i++) out[to + i] = block[from + i] as number;
    } else {
      out.set(block.subarray(from, from + literals), to);
    }
    from += literals;
    to += literals;
    if (from === end) return to;

    if (from + 2 > end) throw damaged('a match has no offset');
    const offset = (block[from] as number) | ((block[from + 1] as number) << 8);
    from += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more: number;
      do {
        if (from >= end) throw damaged('a match has no length');
        more = block[from++] as number;
        length += more;
      } while (more === 255);
    }
    const start = to - offset;
    if (offset === 0 || start < floor) throw damaged(`a match at byte ${to} reaches back ${offset} bytes`);
    if (to + length > out.length) throw damaged(`a match of ${length} bytes at byte ${to} of ${out.length}`);
    copyMatch(out, start, to, length);
    to += length;
  }
  throw damaged('a block ends with a match');
}

/** Decodes one LZ4 block so that it fills `out` exactly, or throws E204. */
export function decodeLz4(block: Uint8Array, out: Uint8Array): void {
  const end = out.length === 0 && block.length === 0 ? 0 : decodeLz4Block(block, out, 0);
  if (end !== out.length) throw mismatch('LZ4', out.length, end);
}
