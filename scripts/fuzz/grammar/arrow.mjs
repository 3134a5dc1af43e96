import { count, int, join, pick, text } from './bytes.mjs';

/**
 * An Arrow stream: flatbuffers whose tables and strings are shared, far away, too many, or in themselves. In a third the
 * schema and the batch fit together, whatever metadata is beside them.
 */
export function arrow(next) {
  const fits = next(3) === 0;
  const batches = fits || next(3) > 0 ? [message(next, 3, batch(next, fits))] : [];
  const parts = [message(next, 1, schema(next, fits)), ...batches];
  const end = next(4) > 0 ? join(int(-1, 4), int(0, 4)) : [];
  return join(...parts, end);
}

function message(next, kind, header) {
  const buffer = build(next, { slots: { 0: [4, 2], 1: [kind, 1], 2: header, 3: [kind === 3 ? 96 : 0, 8] } });
  const padded = join(buffer, new Uint8Array(-buffer.length & 7));
  const length = next(30) === 0 ? count(next) : padded.length;
  return join(int(-1, 4), int(length, 4), padded, new Uint8Array(kind === 3 ? 96 : 0));
}

function schema(next, fits) {
  const long = { string: 'x'.repeat(next(6) === 0 ? next(20_000) : 3) };
  const entry = { slots: { 0: long, 1: long } };
  const metadata = { vector: new Array(next(6) === 0 ? next(4000) : 1).fill(entry) };
  const number = () => ({ slots: { 0: [fits ? 1 : pick(next, 1, 2, 0), 2] } });
  const field = (title, depth) => {
    const listOfThree = [16, { slots: { 0: [3, 4] } }, [1]];
    const fitting = depth === 0 ? listOfThree : [3, number(), []];
    const any = pick(
      next,
      [3, number(), []],
      [16, { slots: { 0: [next(5) === 0 ? count(next) : 3, 4] } }, [1]],
      listOfThree,
      [12, { slots: {} }, [1]],
      [13, { slots: {} }, [1, 1]],
      [next(30), { slots: {} }, []],
    );
    const [type, of, children] = fits ? fitting : any;
    const below = depth > 60 ? [] : children.map(() => field('item', depth + 1));
    return {
      slots: {
        0: { string: title },
        2: [type, 1],
        3: of,
        5: { vector: below },
        ...(next(4) === 0 ? { 6: metadata } : {}),
      },
    };
  };
  const one = field('prediction', 0);
  const pair = () => [one, field('target', 0)];
  const any = () => pick(next, [one], pair(), new Array(next(20) === 0 ? next(3000) : 2).fill(one));
  return {
    slots: {
      0: [!fits && next(20) === 0 ? 1 : 0, 2],
      1: { vector: fits ? pair() : any() },
      ...(next(3) === 0 ? { 2: metadata } : {}),
    },
  };
}

function batch(next, fits) {
  const number = () => int(next(8) === 0 ? count(next) : pick(next, 0, 4, 12, 48), 8);
  const structs = (pairs) => ({
    structs: Array.from({ length: 2 * pairs }, number),
    count: next(20) === 0 ? count(next) : pairs,
  });
  // What two columns of lists of three want.
  const fitting = (pairs) => ({ structs: pairs.flat().map((n) => int(n, 8)), count: pairs.length });
  const isFitting = fits || next(2) === 0;
  const column = [
    [0, 0],
    [0, 0],
    [0, 48],
  ];
  const compression = !fits && next(6) === 0 ? { 3: { slots: { 0: [next(3), 1] } } } : {};
  return {
    slots: {
      0: [next(20) === 0 ? count(next) : 4, 8],
      1: isFitting
        ? fitting([
            [4, 0],
            [12, 0],
            [4, 0],
            [12, 0],
          ])
        : structs(1 + next(4)),
      2: isFitting ? fitting([...column, ...column]) : structs(1 + next(6)),
      ...compression,
    },
  };
}

/** Writes objects one after the other, each once however many refer to it; now and then an offset goes astray. */
function build(next, root) {
  const places = new Map();
  const parts = [];
  let at = 4;
  const astray = next(3) === 0;
  const patches = [];
  const put = (bytes) => {
    parts.push(bytes);
    at += bytes.length;
  };
  const write = (object) => {
    if (places.has(object)) return;
    if (object.string !== undefined) {
      places.set(object, at);
      put(join(int(text(object.string).length, 4), text(object.string), [0]));
    } else if (object.structs !== undefined) {
      places.set(object, at);
      put(join(int(object.count, 4), ...object.structs));
    } else if (object.vector !== undefined) {
      places.set(object, at);
      const claimed = astray && next(20) === 0 ? count(next) : object.vector.length;
      const start = at + 4;
      put(join(int(claimed, 4), new Uint8Array(4 * object.vector.length)));
      for (const [i, entry] of object.vector.entries()) patches.push([start + 4 * i, entry]);
      for (const entry of object.vector) write(entry);
    } else writeTable(object);
  };
  const writeTable = (table) => {
    const slots = Object.entries(table.slots).map(([slot, value]) => [Number(slot), value]);
    const size = 4 + slots.reduce((sum, [, value]) => sum + (Array.isArray(value) ? value[1] : 4), 0);
    const most = Math.max(-1, ...slots.map(([slot]) => slot));
    const offsets = new Uint16Array(most + 1);
    let inside = 4;
    const body = [];
    const start = at + 4 + 2 * offsets.length;
    for (const [slot, value] of slots) {
      offsets[slot] = inside;
      if (Array.isArray(value)) body.push(int(value[0], value[1]));
      else {
        patches.push([start + inside, value]);
        body.push(new Uint8Array(4));
      }
      inside += Array.isArray(value) ? value[1] : 4;
    }
    places.set(table, start);
    put(
      join(
        int(4 + 2 * offsets.length, 2),
        int(size, 2),
        ...[...offsets].map((offset) => int(offset, 2)),
        int(4 + 2 * offsets.length, 4),
        ...body,
      ),
    );
    for (const [, value] of slots) if (!Array.isArray(value)) write(value);
  };
  write(root);
  const bytes = join(int(places.get(root), 4), ...parts);
  for (const [from, object] of patches) {
    const to = astray && next(40) === 0 ? next(bytes.length) : places.get(object);
    bytes.set(int(to - from, 4), from);
  }
  return bytes;
}
