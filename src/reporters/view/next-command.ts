import type { Report, ReportRun } from '#report/types.js';
import { alertSpans, worstSpansFirst } from './alert-spans.js';
import { metricOfCriterion } from './criterion-metric.js';
import { printable } from './printable.js';
import { worstFirst } from './step-text.js';

/**
 * Finds the command that shows more of what is wrong, to be pasted into a shell; null where nothing is, or none is
 * known.
 */
export function nextCommand(report: Report): string | null {
  if (report.status === 'ok' || report.status === 'early') return null;
  const [worst] = worstFirst(report.runs);
  if (worst === undefined) return null;
  const name = isDirectory(worst) ? shellWord(worst.run) : null;
  if (worst.status !== 'alert' && worst.status !== 'warning') {
    return name === null ? null : `collapse doctor ${name}`;
  }
  const [span] = worstSpansFirst(alertSpans(worst));
  if (span === undefined) return null;
  if (name !== null) return `collapse report ${name} --output report.html`;
  // Records have no run to draw.
  const isOfJepa = report.rules.some(({ id, preset }) => id === span.criterion && preset === 'jepa');
  const id = isOfJepa ? span.criterion : (metricOfCriterion(span.criterion, report) ?? span.criterion);
  const word = shellWord(id);
  return word === null ? null : `collapse explain ${word}`;
}

/** Tells whether the run's name leads to its files: not for patterns, and not for records that moved. */
function isDirectory({ run, steps }: ReportRun): boolean {
  const prefix = run.endsWith('/') ? run : `${run}/`;
  const paths = steps.flatMap(({ inputs }) => Object.values(inputs).map(({ path }) => path));
  return paths.some((path) => path.startsWith(prefix));
}

/** Quotes a word as a POSIX shell reads it; null for what cannot be shown and pasted. */
function shellWord(text: string): string | null {
  if (printable(text) !== text || text.startsWith('-')) return null;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
