export interface Token {
  readonly kind: 'word' | 'operator' | 'percent';
  readonly text: string;
  /** Where it stands in the rule: characters `start` to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
}

/** Signs that mean a comparison somewhere, so that `=<` and `≤` are named as the operators they are not. */
const TOKEN = /[<>=!≤≥≠~]+|%|[^\s%<>=!≤≥≠~]+/g;

/**
 * A rule's text as words, comparison signs and percent signs. Spaces only separate, and nothing is refused here.
 *
 * @example tokenise('kl_reg<5').map(({ text }) => text) // ['kl_reg', '<', '5']
 */
export function tokenise(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    kind: token === '%' ? 'percent' : /^[<>=!≤≥≠~]/.test(token) ? 'operator' : 'word',
    text: token,
    start: index,
    end: index + token.length,
  }));
}
