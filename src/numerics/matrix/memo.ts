import type { AnyFold, Own, Quantity, Subject } from './quantity.js';

/** A fold to be found in the next pass, and whose. */
export interface FoldOf {
  readonly of: Subject;
  readonly fold: AnyFold;
}

/** A metric or a quantity, and of whom. */
interface Asker {
  readonly name: string;
  readonly of: readonly Subject[];
  readonly needs: unknown;
  /** Of a quantity, which may need more than those. */
  readonly quantity?: Quantity;
}

/** What the memo has of one subject or block. */
class Known {
  readonly values = new Map<object, unknown>();
  readonly needed = new Set<Quantity>();
  /** What quantities need besides, by the shape and by values: asked for once. */
  alsoNeeds: Map<Quantity, unknown> | undefined;
  thenNeeds: Map<Quantity, unknown> | undefined;
}

/**
 * Where a batch keeps the quantities that it has computed. It knows who asks, and refuses with an error that names
 * both a quantity that its asker does not declare: no pass goes unseen.
 */
export class Memo {
  readonly #known = new Map<object, Known>();
  readonly #declare = (of: Subject, quantity: Quantity) => this.declare(of, quantity);
  #asker: Asker | null = null;

  /** Finds the quantity, for the first that asks. Throws where its rows have yet to pass by. */
  get(of: Subject, quantity: Quantity): unknown {
    const asker = this.#asker;
    if (asker !== null) this.#checkDeclared(asker, of, quantity);
    const { values } = this.#of(of);
    const found = values.get(quantity);
    return found === undefined ? this.#find(of, quantity) : found;
  }

  /** Finds what belongs to a block of rows alone. */
  own<Rows extends object, Value>(rows: Rows, own: Own<Rows, Value>): Value {
    const { values } = this.#of(rows);
    const found = values.get(own);
    if (found !== undefined) return found as Value;
    const value = own.of(rows);
    values.set(own, value);
    return value;
  }

  put(of: Subject, quantity: Quantity, value: unknown): void {
    this.#of(of).values.set(quantity, value);
  }

  /** Forgets all that is known of a subject or block. */
  drop(of: object): void {
    this.#known.delete(of);
  }

  /** Lets `compute` ask for what the asker declares, and for nothing else. */
  as<Value>(asker: Asker | null, compute: () => Value): Value {
    const before = this.#asker;
    this.#asker = asker;
    try {
      return compute();
    } finally {
      this.#asker = before;
    }
  }

  /** Finds a fold's part of one block. */
  part({ of, fold }: FoldOf, rows: unknown): unknown {
    return this.as(askerOf(fold, [of]), () => fold.part(rows));
  }

  /** Says that the quantity will be asked for, and with it what it needs. */
  declare(of: Subject, quantity: Quantity): void {
    const { needed } = this.#of(of);
    if (needed.has(quantity)) return;
    needed.add(quantity);
    of.forEachNeed(quantity.needs, this.#declare);
    if (quantity.alsoNeeds !== undefined) of.forEachNeed(this.#alsoNeeds(of, quantity), this.#declare);
  }

  /** True where it was said that the quantity will be asked for. */
  isNeeded(of: Subject, quantity: Quantity): boolean {
    return this.#of(of).needed.has(quantity);
  }

  /** The quantity where others need it anyway, else null: asking costs nothing and need not be declared. */
  ifNeeded(of: Subject, quantity: Quantity): unknown {
    return this.isNeeded(of, quantity) ? this.as(null, () => this.get(of, quantity)) : null;
  }

  /** What the next pass can find of all that was declared: folds whose own needs are known. Empty where none is missing. */
  nextPass(): FoldOf[] {
    const found: FoldOf[] = [];
    const seen = new Map<object, Map<object, boolean>>();
    const areReady = (of: Subject, needs: unknown): boolean => {
      let all = true;
      // All of them are looked at, so that one pass finds what it can.
      of.forEachNeed(needs, (one, quantity) => {
        if (!isReady(one, quantity)) all = false;
      });
      return all;
    };
    const isReady = (of: Subject, quantity: Quantity): boolean => {
      const before = seen.get(of) ?? new Map<object, boolean>();
      seen.set(of, before);
      const again = this.#of(of).values.has(quantity) || before.get(quantity);
      if (again !== undefined) return again;
      let ready = areReady(of, quantity.needs);
      if (quantity.alsoNeeds !== undefined) ready = areReady(of, this.#alsoNeeds(of, quantity)) && ready;
      if (ready && quantity.thenNeeds !== undefined) ready = areReady(of, this.#thenNeeds(of, quantity));
      if (ready && 'part' in quantity) {
        // What follows from other quantities is had before the pass: there it may be refused.
        of.forEachNeed(quantity.needs, (one, need) => this.as(null, () => this.get(one, need)));
        found.push({ of, fold: quantity });
        ready = false;
      }
      before.set(quantity, ready);
      return ready;
    };
    for (const [of, { needed }] of this.#known) {
      for (const quantity of needed) isReady(of as Subject, quantity);
    }
    return found;
  }

  #find(of: Subject, quantity: Quantity): unknown {
    const others = 'together' in quantity ? this.#alsoNeed(of, quantity) : [];
    if (others.length > 0 && 'from' in quantity) {
      const all = [of, ...others];
      const values = this.as(askerOf(quantity, all), () => quantity.together!(all));
      for (const [i, one] of all.entries()) this.put(one, quantity, values[i]);
      return values[0];
    }
    const before = this.#asker;
    this.#asker = askerOf(quantity, [of]);
    try {
      let value: unknown;
      if ('from' in quantity) value = quantity.from(of);
      else if (of.rowsInMemory !== null) value = quantity.part(of.rowsInMemory);
      else
        throw new Error(`${before?.name ?? 'a caller'} asks for ${nameOf(of, quantity)} before it is known`);
      this.put(of, quantity, value);
      return value;
    } finally {
      this.#asker = before;
    }
  }

  #alsoNeed(of: Subject, quantity: Quantity): Subject[] {
    const found: Subject[] = [];
    if (!this.isNeeded(of, quantity)) return found;
    for (const [one, { needed, values }] of this.#known) {
      if (one !== of && needed.has(quantity) && !values.has(quantity)) found.push(one as Subject);
    }
    return found;
  }

  #checkDeclared(asker: Asker, of: Subject, quantity: Quantity): void {
    const asking = asker.quantity;
    if ('isGiven' in quantity && !(asking !== undefined && 'part' in asking)) return;
    for (const one of asker.of) {
      if (one.declares(asker.needs, of, quantity)) return;
      if (asking?.alsoNeeds !== undefined && one.declares(this.#alsoNeeds(one, asking), of, quantity)) return;
      if (asking?.thenNeeds !== undefined && one.declares(this.#thenNeeds(one, asking), of, quantity)) return;
    }
    throw new Error(`${asker.name} asks for ${nameOf(of, quantity)}, which it does not declare`);
  }

  /** What its subject's shape adds. */
  #alsoNeeds(of: Subject, quantity: Quantity): unknown {
    const known = this.#of(of);
    known.alsoNeeds ??= new Map();
    const before = known.alsoNeeds.get(quantity);
    if (before !== undefined) return before;
    const needs = quantity.alsoNeeds!(of);
    known.alsoNeeds.set(quantity, needs);
    return needs;
  }

  /** What the values of its other needs add. */
  #thenNeeds(of: Subject, quantity: Quantity): unknown {
    const known = this.#of(of);
    known.thenNeeds ??= new Map();
    const before = known.thenNeeds.get(quantity);
    if (before !== undefined) return before;
    const { thenNeeds, ...former } = quantity;
    const needs = this.as(askerOf(former, [of]), () => thenNeeds!.call(quantity, of));
    known.thenNeeds.set(quantity, needs);
    return needs;
  }

  #of(of: object): Known {
    let known = this.#known.get(of);
    if (known === undefined) {
      known = new Known();
      this.#known.set(of, known);
    }
    return known;
  }
}

function askerOf(quantity: Quantity, of: readonly Subject[]): Asker {
  return { name: quantity.name, needs: quantity.needs, of, quantity };
}

function nameOf(of: Subject, quantity: Quantity): string {
  return `${quantity.name} of the ${of.role}`;
}
