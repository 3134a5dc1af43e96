import { crc32, deflateRawSync } from 'node:zlib';
import { count, int, join, name, pick, several, text } from './bytes.mjs';
import { pickle } from './pickle.mjs';

/** .npz: members that share headers or data, directories that claim more or less than there is. */
export function npz(next) {
  return zip(
    next,
    several(next, (i) => [`${next(8) > 0 ? `a${i}` : name(next)}.npy`, npy(next)]),
  );
}

/** .pt: a pickle of the grammar, and storages that may be what it says. */
export function pt(next) {
  const members = [
    ['archive/data.pkl', pickle(next)],
    ['archive/byteorder', text(next(12) > 0 ? 'little' : pick(next, 'big', 'middle'))],
  ];
  for (let key = 0; key < 3; key++) {
    members.push([
      `archive/data/${key}`,
      new Uint8Array(next(12) > 0 ? 96 : pick(next, 48, 0, next(200))).fill(key),
    ]);
  }
  if (next(8) === 0) members.push(members[next(members.length)]);
  return zip(next, members);
}

function npy(next) {
  const isPlain = next(4) > 0;
  const shape = isPlain
    ? [4, 3]
    : pick(
        next,
        [4, 3],
        [4, 3],
        several(next, () => count(next), 4),
      );
  const descr = isPlain ? '<f4' : pick(next, '<f4', '<f4', '>f8', '<i8', '|b1', '|O', '<V2', '<U9');
  const header = `{'descr': '${descr}', 'fortran_order': ${pick(next, 'False', 'True')}, 'shape': (${shape}${shape.length === 1 ? ',' : ''}), }\n`;
  const length = next(40) === 0 ? next(65536) : header.length;
  return join(
    [0x93],
    text('NUMPY'),
    [1, 0],
    int(length, 2),
    text(header),
    new Uint8Array(isPlain ? 48 : pick(next, 48, 48, 96, next(300))),
  );
}

function zip(next, members) {
  const parts = [];
  const entries = [];
  let at = 0;
  for (const [title, content] of members) {
    const isDeflated = next(4) === 0;
    const data = isDeflated ? deflateRawSync(content) : content;
    const bytes = text(title);
    const local = join(
      int(0x04034b50, 4),
      int(20, 2),
      int(0, 2),
      int(isDeflated ? 8 : 0, 2),
      int(0, 4),
      int(0, 12),
      int(bytes.length, 2),
      int(0, 2),
      bytes,
    );
    const claim = (value) => (next(120) === 0 ? count(next) : value);
    entries.push({
      bytes,
      method: isDeflated ? 8 : claim(0),
      crc: claim(crc32(content)),
      packed: claim(data.length),
      size: claim(content.length),
      at: claim(at),
    });
    parts.push(local, data);
    at += local.length + data.length;
  }
  // Members that share one place.
  if (entries.length > 1 && next(12) === 0) for (const entry of entries) entry.at = entries[0].at;
  if (entries.length > 0 && next(25) === 0) while (entries.length < 2000) entries.push(entries[0]);
  const directory = join(...entries.map((entry) => central(next, entry)));
  const number = (value) => (next(30) === 0 ? count(next) : value);
  const end = join(
    int(0x06054b50, 4),
    int(0, 4),
    int(number(entries.length), 2),
    int(number(entries.length), 2),
    int(number(directory.length), 4),
    int(number(at), 4),
    int(0, 2),
  );
  return join(...parts, directory, end);
}

function central(next, { bytes, method, crc, packed, size, at }) {
  const wide = next(10) === 0;
  const extra = wide
    ? join(int(1, 2), int(pick(next, 24, 24, 8, 0, 60000), 2), int(size, 8), int(packed, 8), int(at, 8))
    : [];
  const low = (value) => int(wide ? 0xffffffff : value, 4);
  return join(
    int(0x02014b50, 4),
    int(0, 4),
    int(next(40) === 0 ? 1 : pick(next, 0x800, 0), 2),
    int(method, 2),
    int(0, 4),
    int(crc, 4),
    low(packed),
    low(size),
    int(bytes.length, 2),
    int(extra.length, 2),
    int(0, 2),
    int(0, 8),
    low(at),
    bytes,
    extra,
  );
}
