import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import { formatNumber } from './format-number.js';
import { scaleOf } from './sparkline.js';
import { counted } from './step-text.js';

type Horizons = NonNullable<ReportStep['horizons']>;

/** One metric over the horizons of a step. */
export interface HorizonRow {
  readonly id: ReportMetricId;
  readonly values: readonly (number | null)[];
  /** Where collapse lies nearest; null where the metric has no bad direction or no value. */
  readonly worst: { readonly value: number; readonly horizon: number } | null;
  readonly isEstimate: boolean;
}

/** Collects the metrics among `ids` that have a value at some horizon. */
export function horizonRows(
  { numbers, metrics, estimates }: Horizons,
  ids: readonly ReportMetricId[],
  catalogue: MetricCatalogue,
): HorizonRow[] {
  return ids.flatMap((id) => {
    const values = metrics[id] ?? [];
    if (values.every((value) => value === null)) return [];
    const isEstimate = estimates[id]?.some((estimate) => estimate !== null) ?? false;
    return [{ id, values, worst: worstOf(values, numbers, catalogue[id]?.collapse ?? null), isEstimate }];
  });
}

function worstOf(
  values: readonly (number | null)[],
  numbers: readonly number[],
  collapse: 'low' | 'high' | null,
): HorizonRow['worst'] {
  if (collapse === null) return null;
  let worst: HorizonRow['worst'] = null;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const isWorse = worst === null || (collapse === 'low' ? value < worst.value : value > worst.value);
    if (isWorse) worst = { value, horizon: numbers[i]! };
  }
  return worst;
}

/** Writes one of a row's values, with a sign where it is an estimate. */
export function horizonNumber({ isEstimate }: HorizonRow, value: number): string {
  return `${isEstimate ? '~' : ''}${formatNumber(value)}`;
}

/** Writes the worst value and its horizon, for a column of a table; '' where the metric has no bad direction. */
export function worstText(row: HorizonRow): string {
  return row.worst === null ? '' : `${horizonNumber(row, row.worst.value)} at ${row.worst.horizon}`;
}

/** Writes the horizons and their rows: 'horizons 1 to 8 of axis 1, 32 rows each'. */
export function horizonFacts({ axis, size, numbers, rows }: Horizons): string {
  const { min: least, max: most } = scaleOf(rows) ?? { min: 0, max: 0 };
  const each = least === most ? counted(least, 'row') : `${least} to ${most} rows`;
  const measured = numbers.length === size ? '' : ` (${numbers.length} of them measured)`;
  return `horizons 1 to ${size}${measured} of axis ${axis}, ${each} each`;
}

/** Says which horizons are named other than healthy: 'horizons 6 to 8: predictor collapse'. */
export function horizonKinds({ horizons, horizonDiagnoses = [] }: ReportStep): string[] {
  const numbers = horizons?.numbers ?? [];
  const byLabel = grouped(horizonDiagnoses.map((label, i) => [label, numbers[i]!]));
  // Where one row is too few, the reason is given once, in the notes.
  const named = [...byLabel].filter(([label]) => label !== 'healthy' && label !== 'not enough data');
  return named.map(([label, own]) => `${spanned(own, numbers)}: ${label}`);
}

/** Notes which horizons are named other than healthy, and which of the shown metrics they lack. */
export function horizonNotes(
  step: ReportStep,
  shown: ReadonlySet<ReportMetricId>,
  text: (raw: string) => string,
): string[] {
  if (step.horizons === undefined) return [];
  const { numbers, unavailable } = step.horizons;
  const lacking = new Map<string, { ids: string[]; reason: string; horizons: readonly number[] }>();
  for (const [id, reasons] of Object.entries(unavailable)) {
    if (!shown.has(id as ReportMetricId)) continue;
    for (const { reason, horizons: own } of reasons) {
      const key = `${own.join(' ')} ${reason}`;
      lacking.set(key, { ids: [...(lacking.get(key)?.ids ?? []), id], reason, horizons: own });
    }
  }
  return [
    ...horizonKinds(step).map((line) => `${capital(line)}.`),
    ...[...lacking.values()].map(
      ({ ids, reason, horizons: own }) =>
        `${capital(spanned(own, numbers))}: ${ids.join(', ')} unavailable: ${text(reason)}.`,
    ),
  ];
}

function grouped(pairs: readonly (readonly [string, number])[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [label, number] of pairs) groups.set(label, [...(groups.get(label) ?? []), number]);
  return groups;
}

/** Writes 'horizon 3', 'horizons 1, 5 to 8': neighbours among the measured ones are one span. */
function spanned(own: readonly number[], measured: readonly number[]): string {
  const spans: [first: number, last: number][] = [];
  for (const number of own) {
    const before = measured[measured.indexOf(number) - 1];
    const span = spans.at(-1);
    if (span !== undefined && span[1] === before) span[1] = number;
    else spans.push([number, number]);
  }
  const texts = spans.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`));
  return `horizon${own.length === 1 ? '' : 's'} ${texts.join(', ')}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
