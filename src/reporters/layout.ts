import { Chalk, type ChalkInstance } from 'chalk';
import type { RenderOptions } from './define-reporter.js';
import { printable } from './printable.js';

/** What drawing needs to know: an instance of chalk that obeys `color`, and symbols that obey `ascii`. */
export interface Ink {
  readonly chalk: ChalkInstance;
  readonly atLeast: string;
  readonly atMost: string;
  readonly times: string;
  readonly dash: string;
  readonly ascii: boolean;
  /** Text from outside, made safe. */
  readonly text: (text: string) => string;
}

export function inkFor({ color, ascii }: Pick<RenderOptions, 'color' | 'ascii'>): Ink {
  return {
    // An instance of its own, because chalk looks at the process and not at NO_COLOR.
    chalk: new Chalk({ level: color ? 1 : 0 }),
    atLeast: ascii ? '>=' : '≥',
    atMost: ascii ? '<=' : '≤',
    times: ascii ? 'x' : '×',
    dash: ascii ? '-' : '–',
    ascii,
    text: (text) => printable(text, ascii),
  };
}

/** Words folded into lines of at most `width`, the second and later ones indented; a longer word is cut. */
export function fold(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, width - indent.length))) {
    const start = lines.length === 0 ? '' : indent;
    const joined = line === '' ? start + word : `${line} ${word}`;
    if (joined.length <= width || line === '') line = joined;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join('\n');
}

function pieces(word: string, size: number): string[] {
  if (word.length <= size) return [word];
  const out: string[] = [];
  for (let start = 0; start < word.length; start += size) out.push(word.slice(start, start + size));
  return out;
}
