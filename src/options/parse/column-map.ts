import { UsageError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { nearestName } from '#rules/language/nearest-name.js';
import type { Parser } from './value-parsers.js';

/** A column of a table that others wrote, and the metric that it holds. */
export interface MappedColumn {
  readonly column: string;
  readonly metric: MetricId;
}

/** `val/pred_var=pred_var_per_dim`; the name of a column may have '=' in it. */
export const columnMap: Parser<MappedColumn> = (text, flag) => {
  const at = text.lastIndexOf('=');
  const [column, name] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1).trim()];
  if (column === '' || name === '') {
    throw new UsageError('E102', `${flag} takes COLUMN=METRIC, not '${text}'`, {
      fields: { flag, value: text },
      hint: `such as ${flag} val/pred_var=pred_var_per_dim`,
    });
  }
  const metric = METRIC_IDS.find((id) => id === name);
  if (metric !== undefined) return { column, metric };
  const nearest = nearestName(name, METRIC_IDS);
  throw new UsageError('E102', `${flag}: there is no metric '${name}'`, {
    fields: { flag, value: name },
    hint: nearest === null ? '`collapse explain` lists the metrics' : `did you mean '${nearest}'?`,
  });
};
