import { CORE_METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { loadMetrics } from '#metrics/load-metrics.js';
import type { MetricCatalogue, MetricFacts } from '#report/metric-facts.js';
import type { Report } from '#report/types.js';

const reference: ReadonlySet<string> = new Set(CORE_METRIC_IDS);

/** Returns what these metrics, and others loaded with them, say about themselves, as plain data for reporters. */
export async function catalogueFor(ids: readonly MetricId[]): Promise<MetricCatalogue> {
  return Object.fromEntries(
    Object.entries(await loadMetrics(ids)).map(([id, metric]): [string, MetricFacts] => {
      const { title, unit, collapse, range, definition, detects, source } = metric;
      const isReference = reference.has(id);
      return [id, { title, unit, collapse, range, definition, detects, source, isReference }];
    }),
  );
}

/** Lists the metrics that a report has values of or rules on. */
export function metricsIn({ rules, runs }: Report): MetricId[] {
  const ids = new Set<string | undefined>();
  for (const { steps } of runs)
    for (const { metrics } of steps) for (const id of Object.keys(metrics)) ids.add(id);
  for (const { metric } of rules) ids.add(metric);
  return [...ids] as MetricId[];
}
