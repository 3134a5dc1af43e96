import { exactNumber, type NumberToken, numbersAfter, withoutTokens } from './name-tokens.js';

/** The words that count steps wherever they stand, also above the steps that lie in them. Lower is stronger: `epoch=3-step=500` is 500. */
export const STEP_WORDS: ReadonlyMap<string, number> = new Map([
  ['step', 0],
  ['iter', 1],
  ['iteration', 1],
  ['ckpt', 2],
  ['checkpoint', 2],
  ['epoch', 3],
]);

/**
 * Returns the step that one path component names by itself, by the words above, or null. Of several words the
 * strongest counts, of several equal ones the last. Throws as `exactNumber` does.
 */
export function stepInName(name: string): number | null {
  const tokens = numbersAfter(STEP_WORDS, name);
  if (tokens.length === 0) return null;
  const strength = ({ word }: { word: string }) => STEP_WORDS.get(word)!;
  const { digits } = tokens.reduce((best, token) => (strength(token) <= strength(best) ? token : best));
  return exactNumber(digits, 'step', name);
}

/** Returns the step that the nearest component of a path names, or null. Throws as `exactNumber` does. */
export function stepInPath(path: string): number | null {
  const parts = path.split('/');
  for (let i = parts.length - 1; i >= 0; i--) {
    const step = stepInName(parts[i]!);
    if (step !== null) return step;
  }
  return null;
}

/** Is true where a name, its extension aside, says nothing but its step. */
export function isBareStep(stem: string): boolean {
  const tokens: readonly NumberToken[] = numbersAfter(STEP_WORDS, stem);
  return tokens.length > 0 && !/[\p{L}\p{N}]/u.test(withoutTokens(stem, tokens));
}
