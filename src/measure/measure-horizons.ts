import { computeFrom } from '#metrics/compute.js';
import type { MetricTable } from '#metrics/default-metrics.js';
import type { MetricId } from '#metrics/ids.js';
import { type BatchInput, createBatch } from '#numerics/matrix/batch.js';
import type { Estimate } from '#numerics/pairs/estimate.js';
import type { StepHorizons } from '#report/record.js';
import type { HorizonAxis } from './load/horizon-axis.js';
import { keepRows } from './load/load-mask.js';

/** What is measured at the indices of a short axis that nobody named: of one pass over the rows, and no spectrum. */
export const POSITION_METRICS: ReadonlySet<MetricId> = new Set([
  'pred_var_per_dim',
  'target_var_per_dim',
  'pred_target_var_ratio',
  'pred_r2',
  'pred_cos_centered_mean',
]);

/** Without a second row every variance would be 0, as if the embeddings had collapsed. */
const MIN_ROWS = 2;

/**
 * The metrics of each horizon's rows by themselves. A horizon with fewer than two rows has none, with that reason. A
 * kl_reg that was supplied is the whole step's: the horizons then have neither kl_reg nor kl_excess.
 */
export function measureHorizons(
  input: BatchInput,
  { axis, size, horizons }: HorizonAxis,
  asked: readonly MetricId[],
  table: MetricTable,
): StepHorizons {
  const isComputed = input.klReg === 'computed';
  const ids = isComputed ? asked : asked.filter((id) => id !== 'kl_reg' && id !== 'kl_excess');
  const metrics: Partial<Record<MetricId, (number | null)[]>> = {};
  const estimates: Partial<Record<MetricId, (Estimate | null)[]>> = {};
  const missing = new MissingValues();
  for (const [i, { number, rows }] of horizons.entries()) {
    const measured = rows.length < MIN_ROWS ? null : measure(input, rows, isComputed, ids, table);
    for (const id of ids) {
      const value = measured?.metrics[id] ?? null;
      metrics[id] = [...(metrics[id] ?? []), value];
      if (value === null) missing.add(id, number, measured?.unavailable[id] ?? tooFew(rows.length));
      const estimate = measured?.estimates[id];
      if (estimate === undefined) continue;
      estimates[id] ??= horizons.map(() => null);
      estimates[id][i] = estimate;
    }
  }
  return {
    axis,
    size,
    numbers: horizons.map(({ number }) => number),
    rows: horizons.map(({ rows }) => rows.length),
    metrics,
    unavailable: missing.byMetric,
    estimates,
  };
}

function measure(
  input: BatchInput,
  rows: Uint32Array,
  isComputed: boolean,
  ids: readonly MetricId[],
  table: MetricTable,
) {
  const { prediction, target, context = null, places = null, label = null, group = null } = input;
  const batch = createBatch({
    ...input,
    prediction: keepRows(prediction, rows),
    target: target === null ? null : keepRows(target, rows),
    context: context === null ? null : keepRows(context, rows),
    places: places === null ? null : places.keep(rows),
    label: label === null ? null : keepRows(label, rows),
    group: group === null ? null : keepRows(group, rows),
    klReg: isComputed ? 'computed' : null,
  });
  return computeFrom(table, batch, ids);
}

function tooFew(rows: number): string {
  return rows === 0 ? 'the mask drops every row of it' : 'it has one row, and two are needed';
}

/** Which horizons lack a metric, by reason. */
class MissingValues {
  readonly byMetric: Partial<Record<MetricId, { reason: string; horizons: number[] }[]>> = {};

  add(id: MetricId, horizon: number, reason: string): void {
    this.byMetric[id] ??= [];
    const known = this.byMetric[id].find((entry) => entry.reason === reason);
    if (known === undefined) this.byMetric[id].push({ reason, horizons: [horizon] });
    else known.horizons.push(horizon);
  }
}
