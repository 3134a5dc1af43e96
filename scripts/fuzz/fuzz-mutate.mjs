/** A small generator (mulberry32): `next(n)` is a whole number from 0 to n - 1. */
export function random(seed) {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const WORDS = [
  0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, -0x80000000, 0x10000, 0x40000000,
];

/** One file changed in one to four ways; `how` says which. */
export function mutate(files, which, next) {
  let bytes = files[which].slice();
  const how = [];
  for (let n = 1 + next(4); n > 0; n--) {
    const [name, change] = CHANGES[next(CHANGES.length)];
    bytes = change(bytes, next, files);
    how.push(name);
  }
  return { bytes, how: how.join(', ') };
}

/** Headers are small and lie at either end: most of the damage goes there. */
function place(bytes, next) {
  const near = next(3) === 0 ? bytes.length : Math.min(600, bytes.length);
  const offset = next(Math.max(1, near));
  return next(2) === 0 ? offset : Math.max(0, bytes.length - 1 - offset);
}

const CHANGES = [
  ['flipped bit', edit((bytes, at, next) => (bytes[at] ^= 1 << next(8)))],
  ['flipped bit', edit((bytes, at, next) => (bytes[at] ^= 1 << next(8)))],
  ['byte', edit((bytes, at, next) => (bytes[at] = next(256)))],
  ['word', edit((bytes, at, next) => setWord(bytes, at, WORDS[next(WORDS.length)]))],
  [
    'word plus or minus a little',
    edit((bytes, at, next) => setWord(bytes, at, getWord(bytes, at) + next(17) - 8)),
  ],
  ['digit', edit(changeDigit)],
  ['cut', (bytes, next) => bytes.slice(0, next(bytes.length + 1))],
  [
    'removed',
    (bytes, next) => {
      const at = place(bytes, next);
      return join(bytes.slice(0, at), bytes.slice(at + 1 + next(16)));
    },
  ],
  [
    'inserted',
    (bytes, next) => {
      const at = place(bytes, next);
      return join(
        bytes.slice(0, at),
        Uint8Array.from({ length: 1 + next(16) }, () => next(256)),
        bytes.slice(at),
      );
    },
  ],
  [
    'repeated',
    (bytes, next) => {
      const at = place(bytes, next);
      const length = 1 + next(400);
      return join(bytes.slice(0, at + length), bytes.slice(at));
    },
  ],
  [
    'filled',
    (bytes, next) => {
      const at = place(bytes, next);
      return bytes.slice().fill(next(2) * 255, at, at + 1 + next(64));
    },
  ],
  [
    'spliced with another file',
    (bytes, next, files) => {
      const other = files[next(files.length)];
      return join(bytes.slice(0, next(bytes.length + 1)), other.slice(next(other.length + 1)));
    },
  ],
];

function edit(change) {
  return (bytes, next) => {
    if (bytes.length > 0) change(bytes, place(bytes, next), next);
    return bytes;
  };
}

function changeDigit(bytes, at, next) {
  for (let i = at; i < bytes.length && i < at + 200; i++) {
    if (bytes[i] >= 0x30 && bytes[i] <= 0x39) {
      bytes[i] = 0x30 + next(10);
      return;
    }
  }
}

function getWord(bytes, at) {
  return [3, 2, 1, 0].reduce((word, i) => (word << 8) | (bytes[at + i] ?? 0), 0);
}

function setWord(bytes, at, word) {
  for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = (word >>> (8 * i)) & 255;
}

function join(...parts) {
  return new Uint8Array(Buffer.concat(parts));
}
