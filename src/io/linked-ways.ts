import { InputError } from '#errors.js';
import type { TreeEntry } from './directories.js';

/** Far beyond what runs share by links, and listed in a second. */
const MOST_AGAIN = 200_000;

/**
 * Tells which directories are reached again by a link that leads to one that another link led to. Through directories that
 * link to each other there are more ways than anybody can walk, so that what is listed again has an end.
 */
export class LinkedWays {
  /** By what a link leads to, the path of the first that led there. */
  readonly #first = new Map<string, string>();
  readonly #again = new Set<string>();
  readonly #most: number;
  #listedAgain = 0;
  /** Says that there are too many ways; null where all were walked. */
  refusal: InputError | null = null;

  /** @param most Entries that may be listed again; with 0, each linked directory is walked once. */
  constructor(most = MOST_AGAIN) {
    this.#most = most;
  }

  /** Counts the entries of a listed directory. */
  count(directory: string, entries: readonly unknown[]): void {
    if (!this.#again.has(directory)) return;
    this.#listedAgain += entries.length;
    if (this.#listedAgain > this.#most) this.refusal ??= refused(directory);
  }

  /** Is true where the directory at `path`, an entry of `directory`, is to be walked. */
  leadsOn(directory: string, path: string, { target }: TreeEntry): boolean {
    if (target === undefined && this.#again.size === 0) return true;
    if (target !== undefined && !this.#first.has(target)) this.#first.set(target, path);
    const isFirst = target === undefined || this.#first.get(target) === path;
    if (isFirst && !this.#again.has(directory)) return true;
    this.#again.add(path);
    return this.refusal === null && this.#most > 0;
  }
}

/** Walks every way; where there are too many, once more, each linked directory by one way alone. */
export function throughLinks<Found>(walk: (ways: LinkedWays) => Found): {
  readonly found: Found;
  readonly refusal: InputError | null;
} {
  const ways = new LinkedWays();
  const found = walk(ways);
  const { refusal } = ways;
  return { found: refusal === null ? found : walk(new LinkedWays(0)), refusal };
}

function refused(path: string): InputError {
  const message = `cannot walk every way through the links: ${MOST_AGAIN} entries were listed more than once`;
  const hint = 'name the runs themselves, or remove links between their directories';
  return new InputError('E202', message, { path, hint });
}
