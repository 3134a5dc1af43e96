import type { Matrix } from '#numerics/matrix/matrix.js';
import type { Floats } from './numeric.js';

declare const owned: unique symbol;

/** Values that whoever has them uses alone, so that they may be given back to a pool, once. Any other array is shared. */
export type OwnedFloats = Floats & { readonly [owned]: true };

export interface OwnedMatrix extends Matrix {
  readonly data: OwnedFloats;
}

/** Declares an array that was made a moment ago to be its maker's alone. */
export function asOwned(array: Floats): OwnedFloats {
  return array as OwnedFloats;
}

/** Two matrices, and their successors of another width. */
const MAX_SPARE = 4;

/**
 * Arrays that are used again, one pool for each thread that measures: touching fresh memory costs more than reading a
 * cached file into it.
 */
export class ArrayPool {
  readonly #spare: OwnedFloats[] = [];

  /** Takes `count` zeros, float64 where `wide`, else float32: a spare array of that size, or a new one. */
  take(count: number, wide: boolean): OwnedFloats {
    const at = this.#spare.findIndex((x) => x.length === count && x instanceof Float64Array === wide);
    const spare = this.#spare[at];
    if (spare === undefined) return newFloats(count, wide);
    this.#spare.splice(at, 1);
    return spare.fill(0);
  }

  /** Takes an array back, for the next of its size. What is a part of a larger buffer is left alone. */
  giveBack(array: OwnedFloats): void {
    if (array.byteLength !== array.buffer.byteLength || this.#spare.includes(array)) return;
    this.#spare.push(array);
    if (this.#spare.length > MAX_SPARE) this.#spare.shift();
  }
}

/** Makes `count` zeros, float64 where `wide`, else float32. */
export function newFloats(count: number, wide: boolean): OwnedFloats {
  return asOwned(wide ? new Float64Array(count) : new Float32Array(count));
}
