import { InputError } from '#errors.js';
import { type ArrayPool, newFloats, type OwnedFloats } from './pool.js';

/** What one read may allocate, and where it gets its arrays. */
export interface ReadMemory {
  /** In bytes; unbounded unless said. */
  readonly maxMemory?: number | undefined;
  /** Without it every array is new. */
  readonly pool?: ArrayPool | undefined;
}

/**
 * Allocates `count` zeros for values that are float32 (`wide` false) or float64.
 * Throws E220 with both numbers, before anything is allocated, where it would take more than `maxMemory` bytes
 * together with the `taken` bytes that the read already needs, or more than the engine can allocate.
 */
export function allocateFloats(
  count: number,
  wide: boolean,
  { maxMemory, pool }: ReadMemory = {},
  taken = 0,
): OwnedFloats {
  const bytes = count * (wide ? 8 : 4);
  checkBudget(bytes + taken, maxMemory);
  try {
    return pool === undefined ? newFloats(count, wide) : pool.take(count, wide);
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
    hint: `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or save fewer rows`,
    fields: { needed, budget: maxMemory },
  });
}

function notAllocated(needed: number, cause: unknown): InputError {
  return new InputError('E220', `${needed} bytes are needed at once; they cannot be allocated`, {
    cause,
    fields: { needed },
  });
}
