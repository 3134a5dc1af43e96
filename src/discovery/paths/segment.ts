/** One piece of a pattern between two slashes. */
type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | { readonly kind: 'step' }
  | { readonly kind: 'set'; readonly not: boolean; readonly ranges: readonly (readonly [string, string])[] };

export interface Segment {
  readonly tokens: readonly Token[];
  /** The text itself where nothing in the segment varies; null otherwise. */
  readonly literal: string | null;
  readonly hasStep: boolean;
}

/** Compiles `*`, `?`, `[a-z]`, `[!abc]`, `{step}` and `\` before any of them; an unclosed bracket is a bracket. */
export function compileSegment(text: string): Segment {
  const chars = Array.from(text);
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === '\\' && at + 1 < chars.length) tokens.push({ kind: 'char', char: chars[++at]! });
    else if (char === '*') {
      if (tokens.at(-1)?.kind !== 'many') tokens.push({ kind: 'many' });
    } else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '{' && chars.slice(at, at + 6).join('') === '{step}') {
      tokens.push({ kind: 'step' });
      at += 5;
    } else if (char === '[') {
      const set = setAt(chars, at);
      tokens.push(set?.token ?? { kind: 'char', char });
      at = set?.end ?? at;
    } else tokens.push({ kind: 'char', char });
  }
  const literal = tokens.every((token) => token.kind === 'char')
    ? tokens.map((token) => token.char).join('')
    : null;
  return { tokens, literal, hasStep: tokens.some((token) => token.kind === 'step') };
}

/**
 * Returns the steps (digits without padding) that `{step}` can stand for when the segment matches `name`, first
 * in the name first; null among them means that it matched without binding one. Empty: no match.
 *
 * `{step}` is a whole run of digits, never a part of one, and every `{step}` is the same number.
 */
export function matchSegment(segment: Segment, name: string, bound: string | null): (string | null)[] {
  const wild = segment.tokens[0] !== undefined && segment.tokens[0].kind !== 'char';
  if (wild && name.startsWith('.')) return [];
  const chars = Array.from(name);
  if (!segment.hasStep) return matches(segment.tokens, chars, bound) ? [bound] : [];
  const steps = bound === null ? new Set((name.match(/\d+/g) ?? []).map(unpadded)) : [bound];
  return [...steps].filter((step) => matches(segment.tokens, chars, step));
}

/** Matches with one way back: only the last `*` needs to be tried again, as every other token has one length at a given place: no blow-up. */
function matches(tokens: readonly Token[], chars: readonly string[], step: string | null): boolean {
  let token = 0;
  let char = 0;
  let many = -1;
  let taken = 0;
  while (token < tokens.length || char < chars.length) {
    const current = tokens[token];
    if (current?.kind === 'many') {
      many = token++;
      taken = char;
      continue;
    }
    const next = current === undefined ? -1 : advance(current, chars, char, step);
    if (next >= 0) {
      token++;
      char = next;
    } else if (many >= 0 && taken < chars.length) {
      char = ++taken;
      token = many + 1;
    } else return false;
  }
  return true;
}

/** Returns the place after what `token` takes at `at`, or -1. */
function advance(token: Token, chars: readonly string[], at: number, step: string | null): number {
  const char = chars[at];
  if (char === undefined) return -1;
  switch (token.kind) {
    case 'char':
      return char === token.char ? at + 1 : -1;
    case 'one':
    case 'many':
      return at + 1;
    case 'set':
      return token.ranges.some(([low, high]) => low <= char && char <= high) === token.not ? -1 : at + 1;
    case 'step': {
      let end = at;
      while (/^[0-9]$/.test(chars[end] ?? '')) end++;
      return end > at && unpadded(chars.slice(at, end).join('')) === step ? end : -1;
    }
  }
}

function setAt(chars: readonly string[], open: number): { token: Token; end: number } | null {
  const not = chars[open + 1] === '!' || chars[open + 1] === '^';
  const from = open + (not ? 2 : 1);
  const end = chars.indexOf(']', from + 1);
  if (end < 0) return null;
  const ranges: [string, string][] = [];
  for (let at = from; at < end; at++) {
    const low = chars[at]!;
    if (chars[at + 1] === '-' && at + 2 < end) {
      ranges.push([low, chars[at + 2]!]);
      at += 2;
    } else ranges.push([low, low]);
  }
  return { token: { kind: 'set', not, ranges }, end };
}

function unpadded(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
