import type { ListedNames, TreeEntry } from '#io/directories.js';
import { stepInName } from '../names/step-name.js';
import type { RunRef } from '../names/step-ref.js';
import { joinPath } from '../names/tree-path.js';
import { passedOver } from './file-kind.js';
import { type DiscoveryRequest, isLeftOut } from './request.js';
import { ONE_NUMBER, stepDirectories } from './step-directories.js';

/** Of a run: its configuration, logs and weights. */
const MOST_OTHERS = 100;

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

  /**
   * Returns the same by names: null where others than a few have no number as the last one, or more than those few are
   * no directory. Without a loop over all of them: the compiler would begin to optimise it.
   */
  amongNames(directory: string, { names, directories, entry }: ListedNames): readonly TreeEntry[] | null {
    if (this.#request.steps !== undefined) return null;
    const block = namesOfSteps(names);
    if (block === null || names.length - block.steps.length > MOST_OTHERS) return null;
    const { first, steps } = block;
    const others = [...names.slice(0, first), ...names.slice(first + steps.length)].map(entry);
    // A directory with another number may be a step too.
    if (others.some(({ kind, name }) => kind === 'directory' && /\d/.test(name))) return null;
    const own = others.filter(({ kind, target }) => kind === 'directory' && target === undefined).length;
    if (steps.length + own !== directories) return null;
    const newest = steps
      .slice()
      .sort()
      .slice(-this.#most - 1);
    if (newest.length <= this.#most || newest.length === steps.length || !Number.isSafeInteger(newest.at(-1)))
      return null;
    const kept: TreeEntry[] = [];
    for (const step of new Set(newest)) {
      for (let i = steps.indexOf(step); i >= 0; i = steps.indexOf(step, i + 1))
        kept.push(entry(names[first + i]!));
    }
    this.#shortened.push(directory);
    return [...others, ...kept].sort((a, b) => (a.name < b.name ? -1 : 1));
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

/**
 * Finds, in sorted names, those with one number that are alike but for it, and begin as the first of them does: they lie
 * side by side. Null where there is none, it names no step, or others with a number lie between.
 */
function namesOfSteps(
  names: readonly string[],
): { readonly first: number; readonly steps: Float64Array } | null {
  const first = names.findIndex((name) => ONE_NUMBER.test(name) && namesStep(name));
  const [, before = '', , after = ''] = ONE_NUMBER.exec(names[first] ?? '') ?? [];
  if (first < 0) return null;
  const last = names.findLastIndex((name) => name.startsWith(before) && name.endsWith(after));
  const block = names.slice(first, last + 1);
  const text = block.join('/');
  const digits = text.match(/\d+/g) ?? [];
  if (digits.length !== block.length) return null;
  if (text !== before + digits.join(`${after}/${before}`) + after) return null;
  return { first, steps: Float64Array.from(digits, Number) };
}

function namesStep(name: string): boolean {
  return passedOver(name) === null && stepInName(name.replace(/\d+/, '0')) !== null;
}
