import { CORE_METRIC_IDS } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import type { MetricCatalogue, MetricFacts } from '#report/metric-facts.js';

const reference: ReadonlySet<string> = new Set(CORE_METRIC_IDS);

/** What every metric says about itself, as plain data for reporters. */
export const metricCatalogue: MetricCatalogue = Object.fromEntries(
  Object.entries(METRICS).map(([id, metric]): [string, MetricFacts] => {
    const { title, unit, collapse, range, definition, detects } = metric;
    const isReference = reference.has(id);
    return [id, { title, unit, collapse, range, definition, detects, isReference }];
  }),
);
