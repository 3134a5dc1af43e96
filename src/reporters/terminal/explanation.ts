import type { Explanation, ExplanationList } from '#report/explanation.js';
import type { RenderOptions } from '../view/define-reporter.js';
import { inkFor } from '../view/layout.js';
import { fold } from './fold.js';

type Look = Pick<RenderOptions, 'color' | 'width' | 'ascii'>;

const LABEL_WIDTH = 14;

/** Writes one explanation for people: the id and its title, then a labelled line a fact. */
export function formatExplanation({ id, title, facts }: Explanation, look: Look): string {
  const ink = inkFor(look);
  const lines = facts.map(({ label, text }) => {
    const indent = ' '.repeat(LABEL_WIDTH);
    const folded = fold(ink.text(text), look.width - LABEL_WIDTH, '').split('\n');
    return `${ink.chalk.cyan(label.padEnd(LABEL_WIDTH))}${folded.join(`\n${indent}`)}`;
  });
  return `${[`${ink.chalk.bold(id)}  ${ink.text(title)}`, '', ...lines].join('\n')}\n`;
}

/** Lists everything that can be explained, an id and its title a line. */
export function formatExplanations(lists: readonly ExplanationList[], look: Look): string {
  const ink = inkFor(look);
  const width = Math.max(...lists.flatMap(({ entries }) => entries.map(({ id }) => id.length))) + 2;
  const blocks = lists.map(({ heading, entries }) => {
    const lines = entries.map(({ id, title }) => {
      const folded = fold(ink.text(title), Math.max(20, look.width - width - 2), '').split('\n');
      return `  ${id.padEnd(width)}${folded.join(`\n${' '.repeat(width + 2)}`)}`;
    });
    return [ink.chalk.bold(heading), ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
