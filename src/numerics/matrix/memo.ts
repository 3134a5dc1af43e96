import type { AnyFold, Need, Own, Quantity, Subject } from './quantity.js';

/** A fold to be found in the next pass, and whose. */
export interface FoldOf {
  readonly of: Subject;
  readonly fold: AnyFold;
}

interface Asker {
  readonly name: string;
  readonly isFold?: boolean;
  readonly needs: () => readonly Need[];
  /** Asked where `needs` has not the quantity. */
  readonly thenNeeds?: () => readonly Need[];
}

/**
 * Where a batch keeps the quantities that it has computed. It knows who asks, and refuses with an error that names
 * both a quantity that its asker does not declare: nobody pays for a pass unseen.
 */
export class Memo {
  readonly #values = new Map<object, Map<object, unknown>>();
  readonly #needed = new Map<Subject, Set<Quantity>>();
  readonly #needs = new Map<Subject, Map<Quantity, readonly Need[]>>();
  #asker: Asker | null = null;

  /** Finds the quantity, for the first that asks. Throws where its rows have yet to pass by. */
  get(of: Subject, quantity: Quantity): unknown {
    this.#checkDeclared(of, quantity);
    const known = this.#valuesOf(of);
    if (!known.has(quantity)) this.#find(of, quantity);
    return known.get(quantity);
  }

  /** Finds what belongs to a block of rows alone. */
  own<Rows extends object, Value>(rows: Rows, own: Own<Rows, Value>): Value {
    const known = this.#valuesOf(rows);
    if (!known.has(own)) known.set(own, own.of(rows));
    return known.get(own) as Value;
  }

  put(of: Subject, quantity: Quantity, value: unknown): void {
    this.#valuesOf(of).set(quantity, value);
  }

  /** Forgets all that is known of a subject or block. */
  drop(of: object): void {
    this.#values.delete(of);
  }

  /** Lets `compute` ask for what `needs` declares. */
  as<Value>(name: string, needs: readonly Need[], compute: () => Value): Value {
    return this.#as({ name, needs: () => needs }, compute);
  }

  /** Finds a fold's part of one block. */
  part({ of, fold }: FoldOf, rows: unknown): unknown {
    return this.#as(this.#asking(fold, [of]), () => fold.part(rows));
  }

  /** Says that these will be asked for, and with them what they need. */
  declare(needs: readonly Need[]): void {
    for (const { of, quantity } of needs) {
      const needed = this.#needed.get(of) ?? new Set();
      this.#needed.set(of, needed);
      if (needed.has(quantity)) continue;
      needed.add(quantity);
      this.declare(this.#firstNeeds(of, quantity));
    }
  }

  /** True where it was said that the quantity will be asked for. */
  isNeeded(of: Subject, quantity: Quantity): boolean {
    return this.#needed.get(of)?.has(quantity) ?? false;
  }

  /** The quantity where somebody needs it anyway, else null: asking costs nothing, and nobody need declare it. */
  ifNeeded(of: Subject, quantity: Quantity): unknown {
    return this.isNeeded(of, quantity) ? this.#as(null, () => this.get(of, quantity)) : null;
  }

  /** What the next pass can find of all that was declared: folds whose own needs are known. Empty where none is missing. */
  nextPass(): FoldOf[] {
    const found: FoldOf[] = [];
    const seen = new Map<object, Map<object, boolean>>();
    const isReady = ({ of, quantity }: Need): boolean => {
      const known = this.#values.get(of)?.has(quantity);
      const before = seen.get(of) ?? new Map<object, boolean>();
      seen.set(of, before);
      const again = known || before.get(quantity);
      if (again !== undefined) return again;
      const needs = this.#firstNeeds(of, quantity);
      // All of them are looked at, so that one pass finds what it can.
      let ready = needs.map(isReady).every(Boolean);
      if (ready && quantity.thenNeeds !== undefined) {
        ready = this.#asking(quantity, [of]).thenNeeds!().map(isReady).every(Boolean);
      }
      if (ready && 'part' in quantity) {
        for (const need of needs) this.#as(null, () => this.get(need.of, need.quantity));
        found.push({ of, fold: quantity });
        ready = false;
      }
      before.set(quantity, ready);
      return ready;
    };
    for (const [of, needed] of this.#needed) for (const quantity of needed) isReady({ of, quantity });
    return found;
  }

  #find(of: Subject, quantity: Quantity): void {
    if ('part' in quantity) {
      const rows = of.rowsInMemory;
      if (rows === null)
        throw new Error(`${this.#who()} asks for ${nameOf(of, quantity)} before it is known`);
      this.put(of, quantity, this.part({ of, fold: quantity }, rows));
      return;
    }
    const { together } = quantity;
    const others = together === undefined ? [] : this.#alsoNeed(of, quantity);
    if (together === undefined || others.length === 0) {
      this.put(
        of,
        quantity,
        this.#as(this.#asking(quantity, [of]), () => quantity.from(of)),
      );
      return;
    }
    const all = [of, ...others];
    const values = this.#as(this.#asking(quantity, all), () => together.call(quantity, all));
    for (const [i, one] of all.entries()) this.put(one, quantity, values[i]);
  }

  #alsoNeed(of: Subject, quantity: Quantity): Subject[] {
    if (!this.isNeeded(of, quantity)) return [];
    const subjects = [...this.#needed].filter(([, needed]) => needed.has(quantity)).map(([one]) => one);
    return subjects.filter((one) => one !== of && !this.#valuesOf(one).has(quantity));
  }

  #checkDeclared(of: Subject, quantity: Quantity): void {
    const asker = this.#asker;
    if (asker === null || (!asker.isFold && 'isGiven' in quantity)) return;
    const isMeant = (need: Need) => need.of === of && need.quantity === quantity;
    if (asker.needs().some(isMeant) || asker.thenNeeds?.().some(isMeant)) return;
    throw new Error(`${asker.name} asks for ${nameOf(of, quantity)}, which it does not declare`);
  }

  #asking(quantity: Quantity, of: readonly Subject[]): Asker {
    const needs = () => of.flatMap((one) => this.#firstNeeds(one, quantity));
    const asker: Asker = { name: quantity.name, isFold: 'part' in quantity, needs };
    if (quantity.thenNeeds === undefined) return asker;
    const then = (one: Subject) => one.resolve(this.#as(asker, () => quantity.thenNeeds!(one)));
    return { ...asker, thenNeeds: () => of.flatMap(then) };
  }

  #as<Value>(asker: Asker | null, compute: () => Value): Value {
    const before = this.#asker;
    this.#asker = asker;
    try {
      return compute();
    } finally {
      this.#asker = before;
    }
  }

  /** All but what its values add. */
  #firstNeeds(of: Subject, quantity: Quantity): readonly Need[] {
    const known = this.#needs.get(of) ?? new Map<Quantity, readonly Need[]>();
    this.#needs.set(of, known);
    const before = known.get(quantity);
    if (before !== undefined) return before;
    const needs = of.resolve(quantity.needs);
    const all = quantity.alsoNeeds === undefined ? needs : [...needs, ...of.resolve(quantity.alsoNeeds(of))];
    known.set(quantity, all);
    return all;
  }

  #who(): string {
    return this.#asker?.name ?? 'somebody';
  }

  #valuesOf(of: object): Map<object, unknown> {
    const known = this.#values.get(of) ?? new Map<object, unknown>();
    this.#values.set(of, known);
    return known;
  }
}

function nameOf(of: Subject, quantity: Quantity): string {
  return `${quantity.name} of the ${of.role}`;
}
