import { InputError } from '#errors.js';

/** Ten times a run of 100,000 steps; looking at so many takes half a minute and 1.2 GiB. */
const MOST = 1_000_000;

/** Counts the entries of a walk, which ends where they are more than any run has: somebody named a disk, or a folder of data. */
export class MetEntries {
  readonly #most: number;
  #met = 0;
  /** Of the second half, how many lie below each directory: the large one is among those. */
  readonly #below = new Map<string, number>();
  #counted = 0;
  /** Null until there are too many. */
  refusal: InputError | null = null;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** Counts `entries` of a listed directory. Returns false where no more are to be listed. */
  count(directory: string, entries: number): boolean {
    this.#met += entries;
    if (this.#met > this.#most / 2) this.#attribute(directory, entries);
    if (this.#met > this.#most) this.refusal ??= this.#refused();
    return this.refusal === null;
  }

  #attribute(directory: string, entries: number): void {
    this.#counted += entries;
    for (let at = directory; ; at = at.slice(0, at.lastIndexOf('/'))) {
      this.#below.set(at, (this.#below.get(at) ?? 0) + entries);
      if (!at.includes('/', 1)) return;
    }
  }

  /** Names the deepest directory that most of them lie below. */
  #refused(): InputError {
    let path = '';
    for (const [directory, entries] of this.#below)
      if (2 * entries > this.#counted && directory.length >= path.length) path = directory;
    const message = `more than ${this.#most} entries have to be looked at, and most of the last ones lie in this directory`;
    const hint = 'name the run itself in place of what lies above it and this directory';
    return new InputError('E202', message, { path, hint });
  }
}
