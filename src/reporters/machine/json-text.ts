/**
 * Characters that JSON may hold as they are, and that act on a terminal: controls above ASCII, and what reorders text.
 */
const ACTING = /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Writes JSON in which every such character is an escape, and so is what begins a command of GitHub: the same value to a parser. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent)
    .replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('##[', '#\\u0023[');
}
