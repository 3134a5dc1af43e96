import { InputError, UsageError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import type { MappedColumn } from '#options/parse/column-map.js';
import { nearestName } from '#rules/language/nearest-name.js';
import type { Table } from './table.js';

/** What the flags say of a table. */
export interface AskedColumns {
  readonly map: readonly MappedColumn[];
  readonly stepColumn: string | undefined;
}

/** The names that loggers give the step, the surest first; of one family all are of one count. */
const STEP_FAMILIES: readonly RegExp[] = [
  /^step$/i,
  /^(trainer\/)?global_step$/i,
  /^((train|valid)_)?num_updates$/i,
  /^(train\/|trainer\/)?(iteration|iter|update|updates|steps)$/i,
  /^_step$/i,
  /^epoch$/i,
];

/** Returns the columns that hold the step: the first of them that a row has a value in counts. */
export function stepColumns(table: Table, asked: string | undefined, path: string): readonly string[] {
  if (asked !== undefined) return [existing(table, asked, '--step-column', path)];
  for (const family of STEP_FAMILIES) {
    const found = table.columns.filter((name) => family.test(name));
    if (found.length > 0) return found;
  }
  throw new InputError('E213', `no column says the step${listed(table.columns)}`, {
    path,
    hint: 'name it: `--step-column NAME`',
  });
}

/**
 * Returns the column of each metric: as it was mapped, else one of the metric's own name, as it is or as trackers have it
 * from this tool: collapse/pred_var_per_dim. Throws `InputError` E213 where there is no such column, or none at all.
 */
export function metricColumns(table: Table, { map }: AskedColumns, path: string): Map<MetricId, string> {
  const columns = new Map<MetricId, string>();
  for (const { column, metric } of map) columns.set(metric, existing(table, column, '--map', path));
  for (const id of METRIC_IDS) {
    if (columns.has(id)) continue;
    const own = [id, `collapse/${id}`].find((name) => table.columns.includes(name));
    if (own !== undefined) columns.set(id, existing(table, own, '--map', path));
  }
  if (columns.size > 0) return columns;
  throw new InputError('E213', `no column has the name of a metric${listed(table.columns)}`, {
    path,
    hint: 'say what a column holds: `--map val/pred_var=pred_var_per_dim`; `collapse explain` lists the metrics',
  });
}

/** Throws `UsageError` E104 where two columns are to be one metric. */
export function refuseDoubleMaps(map: readonly MappedColumn[]): void {
  for (const [i, { column, metric }] of map.entries()) {
    const other = map.slice(0, i).find((before) => before.metric === metric);
    if (other === undefined) continue;
    throw new UsageError('E104', `--map takes ${metric} from ${other.column} and from ${column}`, {
      hint: 'keep one of them',
    });
  }
}

function existing({ columns, ambiguous }: Table, name: string, flag: string, path: string): string {
  if (ambiguous.has(name)) {
    throw new InputError('E213', `two columns are named '${name}'`, {
      path,
      hint: 'give them names of their own',
    });
  }
  if (columns.includes(name)) return name;
  const nearest = nearestName(name, columns);
  throw new InputError(
    'E213',
    `${flag}: there is no column '${name}'${nearest === null ? listed(columns) : ''}`,
    {
      path,
      ...(nearest === null ? {} : { hint: `did you mean '${nearest}'?` }),
      fields: { flag, value: name },
    },
  );
}

const MOST_LISTED = 8;

function listed(columns: readonly string[]): string {
  if (columns.length === 0) return ': there are no columns';
  const more = columns.length > MOST_LISTED ? ` and ${columns.length - MOST_LISTED} more` : '';
  return ` among ${columns.slice(0, MOST_LISTED).join(', ')}${more}`;
}
