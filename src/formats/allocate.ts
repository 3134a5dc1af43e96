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
  try {
    return wide ? new Float64Array(count) : new Float32Array(count);
  } catch (cause) {
    throw new InputError('E220', `${bytes} bytes are needed at once; they cannot be allocated`, {
      cause,
      fields: { needed: bytes },
    });
  }
}

/** E220 with both numbers. */
export function overBudget(needed: number, budget: number): InputError {
  return new InputError('E220', `${needed} bytes are needed at once; the budget is ${budget}`, {
    fields: { needed, budget },
  });
}
