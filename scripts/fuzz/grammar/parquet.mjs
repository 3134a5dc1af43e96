import { count, int, join, name, pick, several, text, varint, zigzag } from './bytes.mjs';

const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

/** Parquet: a page or two, and a footer whose counts, offsets and nesting are anything. */
export function parquet(next) {
  const values = pick(next, 12, 12, next(40));
  const body = new Uint8Array(pick(next, 48, 48, 48, next(200)));
  const claim = (value) => (next(30) === 0 ? count(next) : value);
  const header = struct([
    [1, I32, pick(next, 0, 0, 0, 2, 3, 1)],
    [2, I32, claim(body.length)],
    [3, I32, claim(body.length)],
    [
      5,
      STRUCT,
      struct([
        [1, I32, claim(values)],
        [2, I32, pick(next, 0, 0, 5, 8, 9, 3)],
        [3, I32, 3],
        [4, I32, 3],
      ]),
    ],
  ]);
  const data = join(text('PAR1'), header, body);
  const leaves = several(next, () => leaf(next, 0));
  const schema = [element('schema', { children: claim(leaves.length) }), ...leaves.flat()];
  const total = leaves.flat().filter((part) => part.isLeaf).length;
  const chunk = () =>
    struct([
      [2, I64, 4],
      [
        3,
        STRUCT,
        struct([
          [1, I32, 4],
          [4, I32, pick(next, 0, 0, 0, 1, 6, 99)],
          [5, I64, claim(values)],
          [7, I64, claim(data.length - 4)],
          [9, I64, claim(4)],
        ]),
      ],
    ]);
  const group = () =>
    struct([
      [
        1,
        LIST,
        list(STRUCT, Array.from({ length: claim(Math.min(total, 500)) > 500 ? 0 : total }, chunk), claim),
      ],
      [3, I64, claim(values)],
    ]);
  const groups = next(15) === 0 ? several(next, group) : [group()];
  const fields = [
    [1, I32, 1],
    [
      2,
      LIST,
      list(
        STRUCT,
        schema.map(({ bytes }) => bytes),
        claim,
      ),
    ],
    [3, I64, claim(values)],
    [4, LIST, list(STRUCT, groups, claim)],
  ];
  if (next(4) === 0) fields.push([pick(next, 5, 6, 7), pick(next, LIST, STRUCT), nested(next)]);
  const footer = struct(fields);
  return join(data, footer, int(claim(footer.length), 4), text('PAR1'));
}

function leaf(next, depth) {
  if (depth < 40 && next(depth > 3 ? 12 : 4) === 0) {
    const inner = several(next, () => leaf(next, depth + 1), 3);
    return [
      element(name(next), { repetition: next(4), children: next(30) === 0 ? count(next) : inner.length }),
      ...inner.flat(),
    ];
  }
  return [
    {
      ...element(name(next), { physical: pick(next, 4, 4, 5, 1, 2, 0, 7, 9), repetition: next(3) }),
      isLeaf: true,
    },
  ];
}

function element(title, { physical, repetition, children }) {
  const fields = [];
  if (physical !== undefined) fields.push([1, I32, physical]);
  if (repetition !== undefined) fields.push([3, I32, repetition]);
  fields.push([4, BINARY, title]);
  if (children !== undefined) fields.push([5, I32, children]);
  return { bytes: struct(fields), isLeaf: false };
}

/** Lists in lists, or many empty structs, in a field that is passed over or read. */
function nested(next) {
  const size = 1 + next(3000);
  return next(2) === 0 ? new Uint8Array(size).fill(0x19) : join([0xfc], varint(size), new Uint8Array(size));
}

function list(type, items, claim) {
  return join([0xf0 | type], varint(claim(items.length)), ...items);
}

function struct(fields) {
  let last = 0;
  const parts = fields.map(([id, type, value]) => {
    const head = Uint8Array.of(((id - last) << 4) | type);
    last = id;
    if (type === BINARY) return join(head, varint(text(value).length), text(value));
    return join(head, typeof value === 'number' ? zigzag(value) : value);
  });
  return join(...parts, [0]);
}
