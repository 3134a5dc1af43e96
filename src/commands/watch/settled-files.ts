import { sampleFile } from '#io/sample-file.js';
import { modifiedAt, type Snapshot } from '#io/snapshot.js';

/** How long a file with zeros in it must have been left alone to be taken at once. */
const LONG_AGO_MS = 600_000;
/** Looks, after the first, that must find such a file the same. */
const LEAST_QUIET = 3;

interface Seen {
  readonly signature: string;
  /** null until a look found the signature unchanged. */
  readonly digest: string | null;
  readonly isSettled: boolean;
  /** Looks that found it the same, since it last changed. */
  readonly quiet: number;
  /** The most looks between two changes. */
  readonly longestQuiet: number;
}

/**
 * Which files are no longer written to, as far as looks at them tell: those that two looks in a row found the same. A file
 * with zeros in it may have its full size and be filled in place (a memory map), even without a new time: it must be the
 * same, with its content, for longer, and for longer than it has ever rested between two changes.
 */
export class SettledFiles {
  #seen = new Map<string, Seen>();

  /** Takes what a look found and returns what of it is settled. */
  look(now: Snapshot): Snapshot {
    const seen = new Map([...now].map(([path, signature]) => [path, this.#next(path, signature)]));
    this.#seen = seen;
    return new Map([...now].filter(([path]) => seen.get(path)?.isSettled === true));
  }

  #next(path: string, signature: string): Seen {
    const before = this.#seen.get(path);
    if (before === undefined) return { signature, digest: null, isSettled: false, quiet: 0, longestQuiet: 0 };
    const longestQuiet = Math.max(before.longestQuiet, before.quiet + 1);
    if (before.signature !== signature) {
      return { signature, digest: null, isSettled: false, quiet: 0, longestQuiet };
    }
    if (before.isSettled) return before;
    const sample = sampleFile(path);
    if (sample === null || (before.digest === null && isWhole(sample.hasZeros, signature))) {
      return { ...before, isSettled: true };
    }
    const { digest, hasZeros } = sample;
    if (before.digest !== null && before.digest !== digest) {
      return { signature, digest, isSettled: false, quiet: 0, longestQuiet };
    }
    const quiet = before.quiet + 1;
    const isSettled = !hasZeros || (quiet >= LEAST_QUIET && quiet > 2 * before.longestQuiet);
    return { ...before, digest, quiet, isSettled };
  }
}

function isWhole(hasZeros: boolean, signature: string): boolean {
  return !hasZeros || Date.now() - modifiedAt(signature) > LONG_AGO_MS;
}
