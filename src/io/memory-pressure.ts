import { getBuiltinModule, memoryUsage } from 'node:process';

/** Of what the process may have beside its budget, where the engine no longer decides by itself when to collect. */
const NEAR = 96 * 2 ** 20;
/** Another collection is worth its time once arrays take so much more than after the last. */
const GROWN = 4 * 2 ** 20;

let collect: (() => void) | undefined;

/**
 * Arrays of blocks that have passed by are garbage which the engine lets grow to some 100 MiB. Where the process comes near
 * what it may have, they are collected at once; elsewhere this costs a look at a number.
 */
export class MemoryPressure {
  readonly #near: number;
  #after = 0;

  constructor(budget = Number.POSITIVE_INFINITY) {
    this.#near = budget + NEAR;
  }

  /** Before `next` bytes are taken. */
  async relieve(next = 0): Promise<void> {
    if (memoryUsage.rss() + next <= this.#near) return;
    // Not the process's: the engine returns what it collected later, and the next look would take that for what is in use.
    if (memoryUsage().external <= this.#after + GROWN) return;
    // Streams that have ended let go of their buffers in a turn of their own.
    await new Promise(setImmediate);
    if (collect === undefined) {
      // As imports they would cost every start 2 ms.
      getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
      collect = getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    }
    collect();
    this.#after = memoryUsage().external;
  }
}
