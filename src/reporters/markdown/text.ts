import { printable } from '../view/printable.js';

/** Writes text from outside as a code span: nothing in it is markup, a mention or a link. */
export function codeSpan(text: string): string {
  const safe = printable(text);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return fence + pad + safe + pad + fence;
}

/** Writes text from outside as prose, with all markup shown as it was written. */
export function markdownText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+|~]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replace(/:\/\//g, ':\u200b//');
}
