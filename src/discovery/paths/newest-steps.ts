import type { TreeEntry } from '#io/directories.js';
import type { RunRef } from '../names/step-ref.js';
import { joinPath } from '../names/tree-path.js';
import { type DiscoveryRequest, isLeftOut } from './request.js';
import { ONE_NUMBER, stepDirectories } from './step-directories.js';

/**
 * Passes over the step directories that `--last` leaves out by their names alone, so that of a long run only the newest
 * are looked into: of directories with one classic number, alike but for that.
 */
export class NewestSteps {
  readonly #request: DiscoveryRequest;
  readonly #most: number;
  /** Directories in which some were passed over. */
  readonly #shortened: string[] = [];

  private constructor(request: DiscoveryRequest, last: number) {
    this.#request = request;
    this.#most = last;
  }

  /** Returns null where every name has to be looked at. */
  static of(request: DiscoveryRequest): NewestSteps | null {
    const { last, pred, target, siblings } = request;
    const isByName =
      pred === undefined && (target === undefined || target === 'none') && siblings === undefined;
    return last !== undefined && isByName ? new NewestSteps(request, last) : null;
  }

  /** Returns the entries to look into: all but directories of older steps. */
  among(directory: string, entries: readonly TreeEntry[]): readonly TreeEntry[] {
    const found = stepDirectories(entries);
    if (found === null) return entries;
    const isRanged = this.#request.steps !== undefined;
    const steps = isRanged
      ? found.map((step) => (step >= 0 && isLeftOut(step, this.#request) ? Number.NEGATIVE_INFINITY : step))
      : found;
    const sorted = steps.filter((step) => !Number.isNaN(step)).sort();
    // One more than are asked for: a step is read as one of several, and the newest may have nothing in it yet.
    const newest = sorted.slice(-this.#most - 1);
    const oldest = newest[0] ?? Number.NEGATIVE_INFINITY;
    const isShort = newest.length <= this.#most || newest.length === sorted.length;
    if (isShort || oldest === Number.NEGATIVE_INFINITY) return entries;
    this.#shortened.push(directory);
    // What is no step is looked into.
    return entries.filter((_, i) => !(steps[i]! < oldest));
  }

  /** Is true where as many steps were found as were asked for, each in the directory of its number. */
  isEnough(runs: readonly RunRef[]): boolean {
    return this.#shortened.every((directory) => {
      const below = joinPath(directory, '');
      const found = new Set<number>();
      for (const run of runs) {
        const places = [
          ...run.steps.flatMap(({ step, inputs }) =>
            Object.values(inputs).map(({ path }) => ({ step, path })),
          ),
          ...run.errors,
        ];
        for (const { step, path } of places) {
          if (step == null || path?.startsWith(below) !== true) continue;
          if (Number(ONE_NUMBER.exec(path.slice(below.length).split('/')[0]!)?.[2]) !== step) return false;
          found.add(step);
        }
      }
      return found.size >= this.#most;
    });
  }
}
