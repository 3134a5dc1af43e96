import { UsageError } from '#errors.js';
import type { OutputRequest } from '#plan.js';
import type { FlagValues } from '../flags.js';

/** Returns where the reports go: at most one to stdout, a table unless something else was asked for. */
export function outputsOf(flags: FlagValues): OutputRequest[] {
  const asked = [...(flags.output ?? [])];
  if (flags.json && !asked.some(({ format, path }) => format === 'json' && path === null)) {
    asked.push({ format: 'json', path: null });
  }
  const toStdout = asked.filter(({ path }) => path === null);
  if (toStdout.length > 1) {
    throw new UsageError(
      'E104',
      `two reports would go to stdout: ${toStdout.map((o) => o.format).join(' and ')}`,
      {
        hint: 'give all but one a file, such as -o json=report.json',
      },
    );
  }
  const paths = asked.flatMap(({ path }) => (path === null ? [] : [path]));
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw new UsageError('E104', `two reports would be written to ${twice}`);
  return toStdout.length === 0 ? [...asked, { format: 'table', path: null }] : asked;
}
