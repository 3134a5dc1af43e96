/** By name, one for all objects: those of the same names keep one shape by it. */
const ACCESSORS = new Map<string, PropertyDescriptor>();

export const READ = Symbol('read');
export const WRITE = Symbol('write');

/**
 * Makes its properties each time they are asked for. They are its own and enumerable: JSON, copies and lists of names are
 * those of a plain object.
 */
export abstract class LazyObject {
  constructor(names: readonly string[]) {
    for (const name of names) Object.defineProperty(this, name, accessorOf(name));
  }

  abstract [READ](name: string): unknown;
  abstract [WRITE](name: string, value: unknown): void;
}

function accessorOf(name: string): PropertyDescriptor {
  const known = ACCESSORS.get(name);
  if (known !== undefined) return known;
  const accessor: PropertyDescriptor & ThisType<LazyObject> = {
    enumerable: true,
    get() {
      return this[READ](name);
    },
    set(value) {
      this[WRITE](name, value);
    },
  };
  ACCESSORS.set(name, accessor);
  return accessor;
}
