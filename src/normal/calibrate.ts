import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import type { Identity, Normal, NormalRun } from '#report/normal.js';
import type { StepRecord } from '#report/record.js';
import { finiteOrNull, shortened } from './curves.js';
import { medianOf } from './order.js';

/** A run as a normal keeps it; its hash is made of it. */
export type KeptRun = Omit<NormalRun, 'hash'>;

/** Keeps of a run's records, ascending by step, what a normal needs. Steps without a number, and step 0, are left out. */
export function keepRun(run: string, records: readonly StepRecord[], metrics: readonly MetricId[]): KeptRun {
  const kept = records.filter(({ step, rows }) => step !== null && step > 0 && rows > 1);
  const errors: Partial<Record<MetricId, number>> = {};
  for (const id of metrics) {
    const error = kept.reduce((most, { estimates }) => Math.max(most, estimates[id]?.standardError ?? 0), 0);
    if (error > 0) errors[id] = shortened(error);
  }
  return {
    run,
    steps: kept.map(({ step }) => step!),
    errors,
    metrics: Object.fromEntries(
      metrics.map((id) => [
        id,
        kept.map((record) => {
          const value = finiteOrNull(record.metrics[id]);
          return value === null ? null : shortened(value);
        }),
      ]),
    ),
  };
}

/** Lists the metrics that every run has a value of, at two steps at least. */
export function commonMetrics(runs: readonly (readonly StepRecord[])[]): MetricId[] {
  const has = (records: readonly StepRecord[], id: MetricId) =>
    records.filter(({ metrics, step }) => step !== 0 && finiteOrNull(metrics[id]) !== null).length > 1;
  return METRIC_IDS.filter((id) => runs.every((records) => has(records, id)));
}

/** Finds the distance of saved steps, in the middle over all runs; there are two steps at least. */
export function cadenceOf(runs: readonly Pick<NormalRun, 'steps'>[]): number {
  return medianOf(runs.flatMap(({ steps }) => steps.slice(1).map((step, i) => step - steps[i]!)));
}

/** Joins what runs are of, where they do not differ: the rows of all. */
export function joinedIdentity(identities: readonly Identity[]): Identity {
  const [first] = identities;
  if (first === undefined) throw new RangeError('no run has no identity');
  const rows = identities.map((identity) => identity.rows);
  return {
    ...first,
    rows: {
      least: rows.reduce((least, one) => Math.min(least, one.least), first.rows.least),
      most: rows.reduce((most, one) => Math.max(most, one.most), first.rows.most),
    },
  };
}

/** Lists the metrics that depend on the batch size, and are not corrected for it. */
export function metricsOfBatchSize(normal: Pick<Normal, 'metrics'>): MetricId[] {
  return normal.metrics.filter((id) => METRICS[id].dependsOnRows === true);
}
