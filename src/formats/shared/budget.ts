import { InputError } from '#errors.js';
import type { Damaged } from './damaged.js';

/** A struct of one byte becomes an object of some 250; nothing that a writer means grows by more than this. */
const EXPANSION = 64;
const SLACK_BYTES = 2 ** 16;
/** Headers are small beside any budget that is worth setting, and never need all of a large one. */
const LEAST = 2 ** 25;
const MOST = 2 ** 29;

/**
 * What may be built out of a file's headers, in bytes: no more than headers of their length can mean, within the memory
 * budget (but at least 32 MiB, at most 512). Strings that several entries share count each time.
 */
export class Budget {
  readonly #most: number;
  #read = 0;
  #spent = 0;

  constructor(
    readonly damaged: Damaged,
    maxMemory = Number.POSITIVE_INFINITY,
  ) {
    this.#most = Math.min(MOST, Math.max(LEAST, maxMemory));
  }

  /** Counts header bytes that are there to be read, which may add to what is built. */
  admit(bytes: number): void {
    this.#read += bytes;
  }

  /**
   * Counts `bytes` that are about to be built. Throws E204 where they are more than the headers read so far can mean,
   * E220, with both numbers, where they are more than the memory budget.
   */
  charge(bytes: number): void {
    const spent = this.#spent + bytes;
    if (!(spent <= this.#read * EXPANSION + SLACK_BYTES)) {
      throw this.damaged(`claims more than its ${this.#read} bytes can hold`);
    }
    if (spent > this.#most) {
      throw new InputError('E220', `${spent} bytes are needed for the headers; the budget is ${this.#most}`, {
        fields: { needed: spent, budget: this.#most },
        ...(this.#most === MOST ? { hint: 'write fewer columns, batches and metadata into one file' } : {}),
      });
    }
    this.#spent = spent;
  }
}
