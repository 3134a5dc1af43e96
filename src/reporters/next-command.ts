import type { Report, ReportRun } from '../report/types.js';
import { printable } from './printable.js';
import { worstFirst } from './step-text.js';

/** The command that shows more of what is wrong, to be pasted into a shell; null where nothing is, or no path is known. */
export function nextCommand({ status, runs }: Report): string | null {
  if (status === 'ok') return null;
  const [worst] = worstFirst(runs);
  if (worst === undefined || !isDirectory(worst)) return null;
  const name = shellWord(worst.run);
  if (name === null) return null;
  if (worst.status === 'alert' || worst.status === 'warning')
    return `collapse report ${name} --output report.html`;
  return `collapse doctor ${name}`;
}

/** True where the run's name leads to its files: not for patterns, and not for records that moved. */
function isDirectory({ run, steps }: ReportRun): boolean {
  const prefix = run.endsWith('/') ? run : `${run}/`;
  const paths = steps.flatMap(({ inputs }) => Object.values(inputs).map(({ path }) => path));
  return paths.some((path) => path.startsWith(prefix));
}

/** A word as a POSIX shell reads it; null for what cannot be shown and pasted. */
function shellWord(text: string): string | null {
  if (printable(text) !== text || text.startsWith('-')) return null;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
