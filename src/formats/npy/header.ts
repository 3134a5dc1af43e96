import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { MAX_AXES, product } from '../shared/description.js';
import { crossCheckHeader } from './cross-check.js';
import { type NpyDtype, parseDescr, STRUCTURED } from './dtype.js';
import { type Decode, type PythonLiteral, parsePythonLiteral } from './literal.js';

/** numpy writes some 120 bytes; structured types a few thousand. */
const MAX_HEADER_BYTES = 64 * 1024;
const KEYS = ['descr', 'fortran_order', 'shape'] as const;

export interface NpyHeader {
  readonly dtype: NpyDtype;
  readonly shape: readonly number[];
  readonly order: 'C' | 'F';
  /** Product of `shape`. */
  readonly count: number;
  /** Byte position of the first element; any alignment. */
  readonly dataStart: number;
  /** The dictionary as written. */
  readonly text: string;
}

/** Files that a run writes have the same few headers; so many that were found to be whole are kept. */
const MOST_KNOWN = 16;
const known = new Map<string, NpyHeader>();

/**
 * Reads and checks the header of an npy file, versions 1.0 to 3.0: exactly the three keys, each once, a shape of
 * non-negative integers with a safe product; npyjs must read the same. Reads at most 64 KiB. Throws E204.
 */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const found = readText(source);
  const before = known.get(found.id);
  if (before !== undefined) return before;
  const header = parseHeader(found);
  crossCheckHeader(header);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(found.id, header);
  return header;
}

function parseHeader({ bytes, encoding, budget, dataStart }: HeaderText): NpyHeader {
  const decode: Decode = (part) => new TextDecoder(encoding, { fatal: true }).decode(part);
  let text: string;
  let literal: PythonLiteral;
  try {
    text = decode(bytes);
    literal = parsePythonLiteral(new Cursor(bytes, budget), decode);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('E204', `the header is not ${encoding} text`, { cause });
  }
  if (typeof literal !== 'object' || literal === null || !('dict' in literal)) {
    throw new InputError('E204', 'the header is not a Python dictionary');
  }
  const entries = keyed(literal.dict);
  const shape = readShape(entries.shape);
  const order = entries.fortran_order;
  if (typeof order !== 'boolean') {
    throw new InputError('E204', `the header's fortran_order is ${show(order)}, neither True nor False`);
  }
  const count = product(shape);
  const dtype = readDescr(entries.descr);
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(count * (dtype.itemSize ?? 1))) {
    throw new InputError(
      'E204',
      `the header's shape [${shape.join(', ')}] has more elements than can be counted`,
    );
  }
  return { dtype, shape, order: order ? 'F' : 'C', count, dataStart, text };
}

interface HeaderText {
  /** Says all that the header does, and where the first element is. */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly encoding: 'latin1' | 'utf-8';
  readonly budget: Budget;
  readonly dataStart: number;
}

function readText(source: ByteSource): HeaderText {
  const cut = (needed: number): InputError =>
    new InputError('E204', `the file ends inside its header: ${source.byteLength} bytes of ${needed}`, {
      fields: { expected: needed, actual: source.byteLength },
    });
  const budget = new Budget(
    (what, details) => new InputError('E204', `the header is not a Python literal: it ${what}`, details),
  );
  const head = new Cursor(source.slice(0, Math.min(12, source.byteLength)), budget, cut);
  head.seek(10);
  const [major, minor] = [head.seek(6).uint8(), head.uint8()];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new InputError('E204', `npy version ${major}.${minor} is unknown; 1.0, 2.0 and 3.0 are`);
  }
  const length = major === 1 ? head.uint16() : head.uint32();
  if (length > MAX_HEADER_BYTES) {
    throw new InputError(
      'E204',
      `the header claims ${length} bytes; ${MAX_HEADER_BYTES} is the most a header may have`,
      {
        fields: { actual: length, limit: MAX_HEADER_BYTES },
      },
    );
  }
  const dataStart = head.at + length;
  if (dataStart > source.byteLength) throw cut(dataStart);
  const bytes = source.slice(head.at, dataStart);
  const id = `${major} ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
  return { id, bytes, encoding: major === 3 ? 'utf-8' : 'latin1', budget, dataStart };
}

type Entries = Record<(typeof KEYS)[number], PythonLiteral>;

function keyed(pairs: readonly (readonly [PythonLiteral, PythonLiteral])[]): Entries {
  const found = new Map<PythonLiteral, PythonLiteral>();
  for (const [key, value] of pairs) {
    if (found.has(key)) throw new InputError('E204', `the header has the key ${show(key)} twice`);
    found.set(key, value);
  }
  const missing = KEYS.find((key) => !found.has(key));
  if (missing !== undefined) throw new InputError('E204', `the header has no key '${missing}'`);
  if (found.size !== KEYS.length) {
    const odd = [...found.keys()].find((key) => !KEYS.some((known) => known === key));
    throw new InputError('E204', `the header has ${found.size} keys, not 3: ${show(odd ?? null)} is unknown`);
  }
  return Object.fromEntries(KEYS.map((key) => [key, found.get(key) ?? null])) as Entries;
}

function readShape(value: PythonLiteral): number[] {
  if (typeof value !== 'object' || value === null || !('tuple' in value)) {
    throw new InputError('E204', `the header's shape is ${show(value)}, not a tuple`);
  }
  if (value.tuple.length > MAX_AXES) {
    throw new InputError(
      'E204',
      `the header's shape has ${value.tuple.length} axes; numpy has at most ${MAX_AXES}`,
    );
  }
  return value.tuple.map((axis) => {
    if (typeof axis !== 'bigint')
      throw new InputError('E204', `the header's shape has ${show(axis)}, no integer`);
    if (axis < 0n) throw new InputError('E204', `the header's shape has a negative axis, ${axis}`);
    if (axis > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new InputError('E204', `the header's shape has ${axis}, more than can be counted`);
    }
    return Number(axis);
  });
}

function readDescr(value: PythonLiteral): NpyDtype {
  if (typeof value === 'string') return parseDescr(value);
  if (typeof value === 'object' && value !== null && !('dict' in value)) return STRUCTURED;
  throw new InputError('E204', `the header's descr is ${show(value)}, no element type`);
}

function show(value: PythonLiteral): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  return 'tuple' in value ? 'a tuple' : 'list' in value ? 'a list' : 'a dictionary';
}
