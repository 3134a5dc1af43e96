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
  readonly ellipsis: string;
  readonly squared: string;
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
    ellipsis: ascii ? '..' : '…',
    squared: ascii ? '^2' : '²',
    ascii,
    text: (text) => printable(text, ascii),
  };
}
