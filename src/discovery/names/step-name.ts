import { InputError } from '#errors.js';
import { showPath } from './tree-path.js';

/** Lower is stronger: `epoch=3-step=500` is 500. */
const RANK: ReadonlyMap<string, number> = new Map([
  ['step', 0],
  ['iter', 1],
  ['iteration', 1],
  ['ckpt', 2],
  ['checkpoint', 2],
  ['epoch', 3],
]);

/**
 * A letter before the word makes it another word (`timestep`), a letter after the digits another
 * number (`step500k`), and so does a fraction (`epoch_1.5`): those are no steps rather than wrong ones.
 */
const STEP = /(?<!\p{L})(step|iteration|iter|checkpoint|ckpt|epoch)[_=-]?(\d+)(?![\p{L}\d]|\.\d)/giu;

/**
 * The step that one path component names, or null. Of several words the strongest counts, of several
 * equal ones the last.
 *
 * Throws `InputError` E222 for a step that a float64 cannot hold exactly.
 */
export function stepInName(name: string): number | null {
  let best: { rank: number; digits: string } | null = null;
  for (const [, word, digits] of name.matchAll(STEP)) {
    const rank = RANK.get(word!.toLowerCase())!;
    if (best === null || rank <= best.rank) best = { rank, digits: digits! };
  }
  return best === null ? null : stepOfDigits(best.digits, name);
}

/** The step that the nearest component of a path names, or null. Throws as `stepInName` does. */
export function stepInPath(path: string): number | null {
  const parts = path.split('/');
  for (let i = parts.length - 1; i >= 0; i--) {
    const step = stepInName(parts[i]!);
    if (step !== null) return step;
  }
  return null;
}

/** Digits with any padding as a number; `from` is named in the error. */
export function stepOfDigits(digits: string, from: string): number {
  const step = Number(digits);
  if (Number.isSafeInteger(step)) return step;
  throw new InputError('E222', `the step in ${showPath(from)} is beyond 2^53`, {
    hint: 'number the steps below 9007199254740992',
  });
}

/** True where a name, its extension aside, says nothing but its step. */
export function isBareStep(stem: string): boolean {
  return !/[\p{L}\p{N}]/u.test(stem.replace(STEP, '')) && stem.search(STEP) >= 0;
}
