import { damagedIn } from '../shared/damaged.js';
import { copyMatch } from './copy-match.js';

const damaged = damagedIn('the Snappy data are');

/**
 * Decodes one raw Snappy block so that it fills `out` exactly. Throws E204 for anything that does not fit.
 * Source: google/snappy, format_description.txt.
 */
export function decodeSnappy(block: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let claimed = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = block[from++];
    if (byte === undefined || shift > 28) throw damaged('it has no length');
    claimed += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (claimed !== out.length) throw damaged(`it claims ${claimed} bytes; ${out.length} are expected`);
  let to = 0;
  const little = (bytes: number): number => {
    if (from + bytes > block.length) throw damaged(`it ends at byte ${block.length}, inside an element`);
    let value = 0;
    for (let i = 0; i < bytes; i++) value += (block[from + i] as number) * 2 ** (8 * i);
    from += bytes;
    return value;
  };
  while (from < block.length) {
    const tag = block[from++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = 1 + (short < 60 ? short : little(short - 59));
      if (from + length > block.length || to + length > out.length) {
        throw damaged(`${length} literals at byte ${to} of ${out.length}`);
      }
      out.set(block.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = kind === 1 ? ((tag >> 5) << 8) + little(1) : little(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > to) throw damaged(`a copy at byte ${to} reaches back ${offset} bytes`);
    if (to + length > out.length) throw damaged(`a copy of ${length} bytes at byte ${to} of ${out.length}`);
    copyMatch(out, to - offset, to, length);
    to += length;
  }
  if (to !== out.length) throw damaged(`it has ${to} bytes; ${out.length} are expected`);
}
