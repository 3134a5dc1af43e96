import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';

export interface HorizonMetrics {
  /** From 1 on. */
  readonly number: number;
  readonly rows: number;
  readonly metrics: ReportStep['metrics'];
}

/** Collects the metrics of each horizon of a step; none where they were not measured one by one. */
export function horizonMetrics({ horizons }: Pick<ReportStep, 'horizons'>): HorizonMetrics[] {
  if (horizons === undefined) return [];
  const { numbers, rows, metrics } = horizons;
  const ids = Object.keys(metrics) as ReportMetricId[];
  return numbers.map((number, i) => ({
    number,
    rows: rows[i]!,
    metrics: Object.fromEntries(ids.map((id) => [id, metrics[id]?.[i] ?? null])),
  }));
}
