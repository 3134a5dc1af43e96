import { type RowFold, RowsPending } from '../matrix/row-fold.js';

/** The quantities that were asked of rows which pass by, and those that are known. */
export class PassFolds<Block> {
  readonly #known = new Map<RowFold<Block, unknown>, unknown>();
  #asked = new Set<RowFold<Block, unknown>>();
  #running = new Map<RowFold<Block, unknown>, { part: unknown } | null>();

  /** True where the next pass has something to find out. */
  get isAsked(): boolean {
    return this.#asked.size > 0;
  }

  /** The answer; throws `RowsPending`, and asks the next pass, where it is not known. */
  get<Part>(fold: RowFold<Block, Part>): Part {
    if (this.#known.has(fold)) return this.#known.get(fold) as Part;
    this.ask(fold);
    throw new RowsPending();
  }

  ask<Part>(fold: RowFold<Block, Part>): void {
    if (!this.#known.has(fold)) this.#asked.add(fold as RowFold<Block, unknown>);
  }

  startPass(): void {
    this.#running = new Map([...this.#asked].map((fold) => [fold, null]));
    this.#asked = new Set();
  }

  /** Blocks come in the order of their rows. */
  add(block: Block): void {
    for (const [fold, before] of this.#running) {
      let part: unknown;
      try {
        part = fold.part(block);
      } catch (error) {
        // It reads something that this pass finds out, or the next will: it waits for a later one.
        if (!(error instanceof RowsPending)) throw error;
        this.#running.delete(fold);
        continue;
      }
      this.#running.set(fold, { part: before === null ? part : fold.join(before.part, part) });
    }
  }

  endPass(): void {
    for (const [fold, found] of this.#running) if (found !== null) this.#known.set(fold, found.part);
    this.#running = new Map();
  }
}
