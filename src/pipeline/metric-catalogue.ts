import { METRICS } from '../metrics/index.js';
import type { MetricCatalogue, MetricFacts } from '../report/metric-facts.js';

/** What every metric says about itself, as plain data for reporters. */
export const metricCatalogue: MetricCatalogue = Object.fromEntries(
  Object.entries(METRICS).map(([id, metric]): [string, MetricFacts] => {
    const { title, unit, collapse, range, definition, detects } = metric;
    return [id, { title, unit, collapse, range, definition, detects }];
  }),
);
