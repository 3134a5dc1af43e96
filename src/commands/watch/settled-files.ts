import { sampleFile } from '#io/sample-file.js';
import { modifiedAt, NO_FILE, type Snapshot } from '#io/snapshot.js';

/** How long a file with zeros in it must have been left alone to be taken at once. */
const LONG_AGO_MS = 600_000;
/** Looks, after the first, that must find such a file the same. */
const LEAST_QUIET = 3;

/** What a look made of the files that are there. */
export interface Look {
  /** The files that two looks in a row found the same. */
  readonly same: Snapshot;
  /** Those of them that may still be filled in place: no step that has one is to be measured. */
  readonly resting: ReadonlySet<string>;
}

interface Seen {
  readonly signature: string;
  /** null until a look found the signature unchanged. */
  readonly digest: string | null;
  readonly is: 'changing' | 'blank' | 'resting' | 'settled';
  /** Looks that found it the same, since it last changed. */
  readonly quiet: number;
  /** The most looks between two changes. */
  readonly longestQuiet: number;
}

/**
 * Tells files that are no longer written to, as far as looks at them tell: two in a row found them the same. One with zeros
 * in it may have its full size and be filled in place (a memory map), even without a new time: it rests until it was the
 * same, with its content, for longer, and for longer than between any two of its changes.
 */
export class SettledFiles {
  #seen = new Map<string, Seen>();

  look(now: Snapshot): Look {
    const seen = new Map([...now].map(([path, signature]) => [path, this.#next(path, signature)]));
    this.#seen = seen;
    const are = (...states: Seen['is'][]) =>
      [...now].filter(([path]) => states.includes(seen.get(path)?.is ?? 'changing'));
    return {
      same: new Map(are('resting', 'settled')),
      resting: new Set(are('resting').map(([path]) => path)),
    };
  }

  #next(path: string, signature: string): Seen {
    const before = this.#seen.get(path);
    if (before === undefined) return { signature, digest: null, is: 'changing', quiet: 0, longestQuiet: 0 };
    const longestQuiet = Math.max(before.longestQuiet, before.quiet + 1);
    if (before.signature !== signature) {
      return { signature, digest: null, is: 'changing', quiet: 0, longestQuiet };
    }
    if (before.is === 'settled') return before;
    if (signature === NO_FILE) return { ...before, is: 'settled' };
    const sample = sampleFile(path);
    if (sample === null || (before.digest === null && isWhole(sample.hasZeros, signature))) {
      return { ...before, is: 'settled' };
    }
    const { digest, hasZeros, isBlank } = sample;
    const waits = isBlank ? 'blank' : 'resting';
    if (before.digest !== null && before.digest !== digest) {
      return { signature, digest, is: waits, quiet: 0, longestQuiet };
    }
    const quiet = before.quiet + 1;
    const isSettled = !hasZeros || (quiet >= LEAST_QUIET && quiet > 2 * before.longestQuiet);
    return { ...before, digest, quiet, is: isSettled ? 'settled' : waits };
  }
}

function isWhole(hasZeros: boolean, signature: string): boolean {
  return !hasZeros || Date.now() - modifiedAt(signature) > LONG_AGO_MS;
}
