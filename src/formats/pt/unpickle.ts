import { InputError } from '#errors.js';
import type { Cursor } from '../shared/cursor.js';
import { OP } from './opcodes.js';
import { type Dict, type Global, INERT, isTuple, type List, type Storage, type Value } from './values.js';

/** What a pickle may refer to; everything else is refused by its name. */
export interface Environment {
  /** Throws for a class or function that is not on the list. */
  global(name: string): Global;
  /** The value that a function on the list would return for `args`; null where it is not called so. */
  call(name: string, args: readonly Value[]): Value | null;
  storage(id: Value): Storage;
}

/** What V8 takes for a slot of a stack or list, for an entry of a map, and for an object. */
const SLOT_BYTES = 16;
const ENTRY_BYTES = 64;
const OBJECT_BYTES = 64;
const MAX_NAME_BYTES = 256;
const LAST_PROTOCOL = 5;

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads one pickle up to its STOP by a machine that builds lists, dicts and tuples alone. Names of classes and functions
 * are compared with the list of `environment`; nothing is imported, built or called by name. What is built counts
 * against the cursor's budget before it is. Throws E204 for a pickle that is damaged, E205 for one that asks for more.
 */
export function unpickle(cursor: Cursor, environment: Environment): Value {
  return new Machine(cursor, environment).run();
}

class Machine {
  #stack: Value[] = [];
  /** The stacks below the open marks. */
  readonly #below: Value[][] = [];
  readonly #memo = new Map<number, Value>();

  constructor(
    private readonly cursor: Cursor,
    private readonly environment: Environment,
  ) {}

  run(): Value {
    for (;;) {
      const op = this.cursor.uint8();
      if (op === OP.STOP) return this.pop();
      this.step(op);
    }
  }

  private step(op: number): void {
    const { cursor } = this;
    switch (op) {
      case OP.PROTO: {
        const protocol = cursor.uint8();
        if (protocol > LAST_PROTOCOL) throw this.unsupported(`protocol ${protocol}`);
        return;
      }
      case OP.FRAME:
        cursor.skip(8);
        return;
      case OP.NONE:
        this.push(null);
        return;
      case OP.NEWTRUE:
        this.push(true);
        return;
      case OP.NEWFALSE:
        this.push(false);
        return;
      case OP.BININT1:
        this.push(cursor.uint8());
        return;
      case OP.BININT2:
        this.push(cursor.uint16());
        return;
      case OP.BININT:
        this.push(cursor.int32());
        return;
      case OP.LONG1:
        this.push(integer(cursor.take(cursor.uint8())));
        return;
      case OP.BINFLOAT:
        this.push(bigEndianFloat(cursor.take(8)));
        return;
      case OP.SHORT_BINUNICODE:
        this.push(this.text(cursor.uint8()));
        return;
      case OP.BINUNICODE:
        this.push(this.text(cursor.uint32()));
        return;
      case OP.BINUNICODE8:
        this.push(this.text(Number(cursor.uint64())));
        return;
      case OP.SHORT_BINBYTES:
        this.passBytes(cursor.uint8());
        return;
      case OP.BINBYTES:
        this.passBytes(cursor.uint32());
        return;
      case OP.BINBYTES8:
        this.passBytes(Number(cursor.uint64()));
        return;
      case OP.GLOBAL:
        this.push(this.named(`${this.line()}.${this.line()}`));
        return;
      case OP.INST:
        this.named(`${this.line()}.${this.line()}`);
        throw this.unsupported('INST');
      case OP.STACK_GLOBAL: {
        const [module, name] = this.popLast(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          throw this.unexpected('a global without a name');
        this.push(this.named(`${module}.${name}`));
        return;
      }
      case OP.BINPERSID: {
        const storage = this.environment.storage(this.pop());
        cursor.charge(OBJECT_BYTES);
        this.push(storage);
        return;
      }
      case OP.REDUCE:
        this.reduce();
        return;
      case OP.BUILD:
        this.passState();
        return;
      default:
        this.stepOfStack(op);
        return;
    }
  }

  /** Does what concerns the stack, the memo and containers alone. */
  private stepOfStack(op: number): void {
    const { cursor } = this;
    switch (op) {
      case OP.MARK:
        cursor.charge(OBJECT_BYTES);
        this.#below.push(this.#stack);
        this.#stack = [];
        return;
      case OP.POP:
        if (this.#stack.length > 0) this.pop();
        else this.popMark();
        return;
      case OP.POP_MARK:
        this.popMark();
        return;
      case OP.DUP:
        this.push(this.top());
        return;
      case OP.EMPTY_TUPLE:
        this.pushTuple([]);
        return;
      case OP.TUPLE1:
        this.pushTuple(this.popLast(1));
        return;
      case OP.TUPLE2:
        this.pushTuple(this.popLast(2));
        return;
      case OP.TUPLE3:
        this.pushTuple(this.popLast(3));
        return;
      case OP.TUPLE:
        this.pushTuple(this.popMark());
        return;
      case OP.EMPTY_LIST:
        cursor.charge(OBJECT_BYTES);
        this.push({ kind: 'list', items: [] });
        return;
      case OP.EMPTY_DICT:
        cursor.charge(OBJECT_BYTES);
        this.push({ kind: 'dict', entries: new Map() });
        return;
      case OP.EMPTY_SET:
        this.push(INERT);
        return;
      case OP.ADDITEMS:
        this.popMark();
        if (this.top() !== INERT) throw this.unexpected('items for something that is not a set');
        return;
      case OP.APPEND:
        this.append([this.pop()]);
        return;
      case OP.APPENDS:
        this.append(this.popMark());
        return;
      case OP.SETITEM:
        this.setItems(this.popLast(2));
        return;
      case OP.SETITEMS:
        this.setItems(this.popMark());
        return;
      case OP.BINGET:
        this.recall(cursor.uint8());
        return;
      case OP.LONG_BINGET:
        this.recall(cursor.uint32());
        return;
      case OP.BINPUT:
        this.remember(cursor.uint8());
        return;
      case OP.LONG_BINPUT:
        this.remember(cursor.uint32());
        return;
      case OP.MEMOIZE:
        this.remember(this.#memo.size);
        return;
      default:
        throw this.unsupported(`opcode 0x${op.toString(16).padStart(2, '0')}`);
    }
  }

  private push(value: Value): void {
    this.cursor.charge(SLOT_BYTES);
    this.#stack.push(value);
  }

  private pushTuple(items: readonly Value[]): void {
    this.cursor.charge(OBJECT_BYTES);
    this.push({ kind: 'tuple', items });
  }

  private pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw this.unexpected('nothing on its stack');
    return value;
  }

  private top(): Value {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.unexpected('nothing on its stack');
    return value;
  }

  private popLast(count: number): Value[] {
    if (this.#stack.length < count) throw this.unexpected('nothing on its stack');
    return this.#stack.splice(-count);
  }

  private popMark(): Value[] {
    const below = this.#below.pop();
    if (below === undefined) throw this.unexpected('no mark on its stack');
    const items = this.#stack;
    this.#stack = below;
    return items;
  }

  private remember(index: number): void {
    this.cursor.charge(ENTRY_BYTES);
    this.#memo.set(index, this.top());
  }

  private recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.unexpected(`no memo ${index}`);
    this.push(value);
  }

  private text(length: number): string {
    this.cursor.entries(length, 1, 'characters');
    this.cursor.charge(2 * length);
    return UTF_8.decode(this.cursor.take(length));
  }

  private passBytes(length: number): void {
    this.cursor.entries(length, 1, 'bytes');
    this.cursor.skip(length);
    this.push(INERT);
  }

  /** Reads the text before a line break. */
  private line(): string {
    const { bytes, at } = this.cursor;
    const length = bytes.subarray(at, at + MAX_NAME_BYTES).indexOf(0x0a);
    if (length < 0) throw this.unexpected(`a name of more than ${MAX_NAME_BYTES} bytes`);
    const text = UTF_8.decode(this.cursor.take(length));
    this.cursor.skip(1);
    return text;
  }

  private named(name: string): Global {
    this.cursor.charge(OBJECT_BYTES + 2 * name.length);
    return this.environment.global(name);
  }

  private append(items: readonly Value[]): void {
    const list = this.top();
    if (!isOf(list, 'list')) throw this.unexpected('items for something that is not a list');
    this.cursor.charge(SLOT_BYTES * items.length);
    for (const item of items) (list as List).items.push(item);
  }

  private setItems(items: readonly Value[]): void {
    const dict = this.top();
    if (!isOf(dict, 'dict') || items.length % 2 === 1)
      throw this.unexpected('items for something that is not a dict');
    this.cursor.charge(ENTRY_BYTES * (items.length / 2));
    for (let i = 0; i < items.length; i += 2) this.setItem(dict as Dict, items[i]!, items[i + 1]!);
  }

  /** A key that cannot be written as text has nothing that could be asked for. */
  private setItem({ entries }: Dict, key: Value, value: Value): void {
    if (typeof key === 'boolean') entries.set(Number(key), value);
    else if (key === null || typeof key !== 'object') entries.set(key, value);
  }

  private reduce(): void {
    const [callee, args] = this.popLast(2);
    if (!isOf(callee, 'global') || !isTuple(args))
      throw this.unexpected('a call of something that is not a function');
    const { name } = callee as Global;
    this.cursor.charge(4 * OBJECT_BYTES + SLOT_BYTES * args.items.length);
    if (name === 'collections.OrderedDict') {
      this.pushOrderedDict(args.items);
      return;
    }
    const value = this.environment.call(name, args.items);
    if (value === null) throw this.unexpected(`a call of ${name} that torch.save does not write`);
    this.push(value);
  }

  /** Takes pairs as protocol 2 may write them; usually there are none, and items follow. */
  private pushOrderedDict(args: readonly Value[]): void {
    const dict: Dict = { kind: 'dict', entries: new Map() };
    const [pairs] = args;
    for (const pair of isOf(pairs, 'list') ? (pairs as List).items : []) {
      if (!(isTuple(pair) || isOf(pair, 'list'))) throw this.unexpected('a pair that is none');
      const [key, value] = (pair as List).items;
      if (key === undefined || value === undefined) throw this.unexpected('a pair that is none');
      this.cursor.charge(ENTRY_BYTES);
      this.setItem(dict, key, value);
    }
    this.push(dict);
  }

  /** A state dict has its `_metadata` beside its items; nothing else on the list has a state. */
  private passState(): void {
    this.pop();
    if (!isOf(this.top(), 'dict')) throw this.unexpected('a state for what has none');
  }

  private unexpected(what: string): InputError {
    return this.cursor.damaged(`has ${what} at byte ${this.cursor.at}`);
  }

  private unsupported(what: string): InputError {
    return new InputError('E205', `its pickle has ${what}, which torch.save does not write for tensors`);
  }
}

function isOf(value: Value | undefined, kind: 'list' | 'dict' | 'global'): boolean {
  return typeof value === 'object' && value?.kind === kind;
}

/** Reads a little-endian two's complement integer; one that a float64 cannot hold is nothing that a tensor needs. */
function integer(bytes: Uint8Array): Value {
  if (bytes.length > 8) return INERT;
  let value = 0n;
  for (const [i, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * i);
  const signed = Number(BigInt.asIntN(8 * bytes.length, value));
  return Number.isSafeInteger(signed) ? signed : INERT;
}

function bigEndianFloat(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
}
