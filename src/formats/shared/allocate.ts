import { InputError } from '#errors.js';

/**
 * An array of `count` zeros for values that are float32 (`wide` false) or float64.
 * Throws E220 with both numbers, before anything is allocated, where it would take more than `maxMemory` bytes
 * together with the `held` bytes that the read already needs, or more than the engine can hold.
 */
export function allocateFloats(
  count: number,
  wide: boolean,
  maxMemory?: number,
  held = 0,
): Float32Array | Float64Array {
  const bytes = count * (wide ? 8 : 4);
  checkBudget(bytes + held, maxMemory);
  const again = takeSpare(bytes, wide);
  if (again !== null) return again;
  try {
    const fresh = wide ? new Float64Array(count) : new Float32Array(count);
    allocated.add(fresh);
    return fresh;
  } catch (cause) {
    throw notAllocated(bytes, cause);
  }
}

/** Like `allocateFloats`, for plain bytes. */
export function allocateBytes(bytes: number, maxMemory?: number): Uint8Array<ArrayBuffer> {
  checkBudget(bytes, maxMemory);
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw notAllocated(bytes, cause);
  }
}

/** E220, with both numbers, where `needed` bytes are more than the budget. */
export function checkBudget(needed: number, maxMemory: number | undefined): void {
  if (maxMemory === undefined || needed <= maxMemory) return;
  throw new InputError('E220', `${needed} bytes are needed at once; the budget is ${maxMemory}`, {
    fields: { needed, budget: maxMemory },
  });
}

function notAllocated(needed: number, cause: unknown): InputError {
  return new InputError('E220', `${needed} bytes are needed at once; they cannot be allocated`, {
    cause,
    fields: { needed },
  });
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
