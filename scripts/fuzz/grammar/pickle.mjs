import { count, int, join, pick, several, text } from './bytes.mjs';

const NAMES = [
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_parameter',
  'torch Size',
  'torch FloatStorage',
  '_codecs encode',
  'builtins set',
  'posix system',
];
const op = (code, ...rest) => join(text(code), ...rest);

/** A pickle: tensors in dicts and lists of any depth, memos that are shared or not there, and stray opcodes. */
export function pickle(next) {
  const parts = [op('\x02')];
  if (next(30) === 0) parts.push(pick(next, doubling(next), deep(next)));
  else parts.push(value(next, 0));
  if (next(4) === 0) for (let n = next(4); n > 0; n--) parts.splice(1 + next(parts.length), 0, stray(next));
  return join([0x80], ...parts, text('.'));
}

function value(next, depth) {
  const kind = depth > 5 ? next(3) : next(7);
  if (kind < 2) return tensor(next);
  if (kind === 2)
    return pick(next, text('N'), number(count(next)), string('a'.repeat(next(50))), op('h', [next(8)]));
  if (kind === 3) return op('](', ...several(next, () => value(next, depth + 1), 6), text('e'));
  if (kind === 4) return op('(', ...several(next, () => value(next, depth + 1), 6), text('t'));
  const items = several(
    next,
    (i) => join(string(pick(next, 'prediction', 'target', `k${i}`)), value(next, depth + 1)),
    6,
  );
  return join(
    pick(next, text('}'), global('collections OrderedDict', text(')R'))),
    text('('),
    ...items,
    text('u'),
  );
}

function tensor(next) {
  const isPlain = next(4) > 0;
  const shape = isPlain
    ? [4, 3]
    : pick(
        next,
        [4, 3],
        [4, 3],
        [12],
        several(next, () => count(next), 5),
      );
  const strides = isPlain
    ? pick(next, [3, 1], [1, 4], [0, 1], [6, 2], [1, 1])
    : pick(
        next,
        [3, 1],
        [0, 1],
        [1],
        shape.map(() => count(next)),
      );
  const offset = isPlain ? 0 : pick(next, 0, 0, 0, 3, count(next));
  const storage = join(
    text('('),
    string('storage'),
    global(
      `torch ${isPlain ? 'FloatStorage' : pick(next, 'FloatStorage', 'DoubleStorage', 'LongStorage', 'BoolStorage')}`,
    ),
    string(String(next(isPlain ? 3 : 4))),
    string('cpu'),
    number(isPlain ? 24 : pick(next, 24, 24, 24, 12, count(next))),
    text('tQ'),
  );
  const args = join(
    text('('),
    storage,
    number(offset),
    tuple(shape),
    tuple(strides),
    [0x89],
    global('collections OrderedDict'),
    text(')R'),
    text('t'),
  );
  return join(global('torch._utils _rebuild_tensor_v2'), args, text('R'), pick(next, [], op('q', [next(8)])));
}

const global = (words, then = []) => join(text(`c${words.replace(' ', '\n')}\n`), then);
const string = (content) => join(text('X'), int(text(content).length, 4), text(content));
const tuple = (numbers) => join(text('('), ...numbers.map(number), text('t'));
const number = (n) => (n < 2 ** 31 ? op('J', int(n, 4)) : join([0x8a, 8], int(n, 8)));

function stray(next) {
  return pick(
    next,
    Uint8Array.of(next(256)),
    op('X', int(count(next), 4)),
    join([0x95], int(count(next), 8)),
    op('r', int(count(next), 4)),
    op('j', int(count(next), 4)),
    global(NAMES[next(NAMES.length)]),
    text('('.repeat(1 + next(3000))),
    text('0'.repeat(1 + next(20))),
  );
}

/** Lists of two of the list before. */
function doubling(next) {
  const parts = [text(']q\0')];
  for (let i = 0; i < 4 + next(60); i++)
    parts.push(join(text('](h'), [i], text('h'), [i], text('eq'), [i + 1]));
  return join(...parts);
}

function deep(next) {
  const levels = 1 + next(5000);
  return text(']'.repeat(levels) + 'a'.repeat(levels - 1));
}
