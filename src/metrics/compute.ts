import { InputError } from '#errors.js';
import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import type { Estimate } from '#numerics/pairs/estimate.js';
import type { MetricTable } from './default-metrics.js';
import type { MetricValue } from './define-metric.js';
import { CORE_METRIC_IDS, type MetricId } from './ids.js';

/** The values of one batch: null where a metric has none, and then a reason. */
export interface MeasuredMetrics {
  readonly metrics: Partial<Record<MetricId, number | null>>;
  /** Why a metric is null. */
  readonly unavailable: Partial<Record<MetricId, string>>;
  /** The metrics that are estimates, because the batch asked for random pairs. */
  readonly estimates: Partial<Record<MetricId, Estimate>>;
}

/** Measures what `computeMetrics` does, by the metrics of a table that has them. */
export function computeFrom(table: MetricTable, batch: Batch, ids: readonly MetricId[]): MeasuredMetrics {
  const metrics = noValues(ids);
  const unavailable: Partial<Record<MetricId, string>> = {};
  const estimates: Partial<Record<MetricId, Estimate>> = {};
  batch.declare(needsOf(ids, table));
  for (const id of ids) {
    const metric = table[id]!;
    const result = metric.compute(batch);
    const value = numberOf(result);
    if (value !== null && Number.isFinite(value)) {
      metrics[id] = value;
      if (typeof result === 'object' && 'estimate' in result) estimates[id] = result.estimate;
      continue;
    }
    if (value !== null && isCore(id)) {
      throw new InputError('E218', `the values are too large: ${id} does not fit in a float64`, {
        fields: { metric: id, argument: metric.of ?? 'prediction' },
      });
    }
    unavailable[id] =
      typeof result === 'object' && 'unavailable' in result
        ? result.unavailable
        : 'does not fit in a float64';
  }
  return { metrics, unavailable, estimates };
}

let latest: { readonly ids: readonly MetricId[]; readonly none: Partial<Record<MetricId, null>> } | undefined;

/**
 * An object with null for each metric, in their order. A copy of one that was parsed has a field a metric, where one that
 * grows metric by metric becomes a hash table of twice the bytes: a run keeps thousands of them.
 */
export function noValues(ids: readonly MetricId[]): Partial<Record<MetricId, number | null>> {
  if (latest?.ids !== ids) {
    latest = { ids, none: JSON.parse(`{${ids.map((id) => `${JSON.stringify(id)}:null`).join()}}`) };
  }
  return { ...latest.none };
}

/** What the metrics ask for. */
export function needsOf(ids: readonly MetricId[], table: MetricTable): StepNeeds[] {
  return ids.map((id) => table[id]!.needs);
}

function numberOf(result: MetricValue): number | null {
  if (typeof result === 'number') return result;
  return 'value' in result ? result.value : null;
}

function isCore(id: MetricId): boolean {
  return (CORE_METRIC_IDS as readonly MetricId[]).includes(id);
}
