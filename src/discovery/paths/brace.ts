import { InputError } from '#errors.js';

/** Enough for any list a person writes; `{a,b}{a,b}…` doubles with every pair. */
const MAX_PATTERNS = 1024;

/** Expands `a{b,c}d` to `abd` and `acd`; nested too. Braces without a comma, such as `{step}`, stand for themselves. */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const pending = [pattern];
  while (pending.length > 0) {
    const next = pending.pop()!;
    const list = firstList(next);
    if (list === null) done.push(next);
    else for (const item of list.items.toReversed()) pending.push(list.before + item + list.after);
    if (done.length + pending.length > MAX_PATTERNS) {
      throw new InputError('E224', `a pattern stands for more than ${MAX_PATTERNS} patterns`, {
        path: pattern,
        hint: 'use * in place of long {a,b} lists',
      });
    }
  }
  return done;
}

function firstList(pattern: string): { before: string; items: string[]; after: string } | null {
  for (let open = 0; open < pattern.length; open++) {
    if (pattern[open] === '\\') open++;
    else if (pattern[open] === '{') {
      const list = listAt(pattern, open);
      if (list !== null) return list;
    }
  }
  return null;
}

function listAt(pattern: string, open: number): { before: string; items: string[]; after: string } | null {
  const items: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === ',' && depth === 1) {
      items.push(pattern.slice(from, at));
      from = at + 1;
    } else if (char === '}' && --depth === 0) {
      if (items.length === 0) return null;
      items.push(pattern.slice(from, at));
      return { before: pattern.slice(0, open), items, after: pattern.slice(at + 1) };
    }
  }
  return null;
}
