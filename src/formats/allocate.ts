import { InputError } from '../errors.js';

/**
 * An array of `count` zeros for values that are float32 (`wide` false) or float64.
 * Throws E220 with both numbers, before anything is allocated, where it would be larger than `maxMemory` bytes
 * or than the engine can hold.
 */
export function allocateFloats(
  count: number,
  wide: boolean,
  maxMemory?: number,
): Float32Array | Float64Array {
  const bytes = count * (wide ? 8 : 4);
  if (maxMemory !== undefined && bytes > maxMemory) throw overBudget(bytes, maxMemory);
  const again = takeSpare(bytes, wide);
  if (again !== null) return again;
  try {
    const fresh = wide ? new Float64Array(count) : new Float32Array(count);
    allocated.add(fresh);
    return fresh;
  } catch (cause) {
    throw new InputError('E220', `${bytes} bytes are needed at once; they cannot be allocated`, {
      cause,
      fields: { needed: bytes },
    });
  }
}

type Floats = Float32Array | Float64Array;

/** Two matrices, and their successors of another width. */
const MAX_SPARE = 4;
const allocated = new WeakSet<Floats>();
const spare: Floats[] = [];

/**
 * Takes back an array that nobody will read again: the next of its size gets its memory. Touching fresh memory costs
 * more than reading a cached file into it. Arrays that did not come from `allocateFloats` are left alone.
 */
export function recycleFloats(array: Floats): void {
  if (!allocated.has(array) || spare.includes(array)) return;
  spare.push(array);
  if (spare.length > MAX_SPARE) spare.shift();
}

function takeSpare(bytes: number, wide: boolean): Floats | null {
  const at = spare.findIndex((x) => x.byteLength === bytes && x instanceof Float64Array === wide);
  const found = spare[at];
  if (found === undefined) return null;
  spare.splice(at, 1);
  return found.fill(0);
}

function overBudget(needed: number, budget: number): InputError {
  return new InputError('E220', `${needed} bytes are needed at once; the budget is ${budget}`, {
    fields: { needed, budget },
  });
}
