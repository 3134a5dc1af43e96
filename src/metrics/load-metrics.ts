import { DEFAULT_METRICS, type MetricTable } from './default-metrics.js';
import type { MetricId } from './ids.js';

/** Returns a table that has these metrics; all others are loaded together, where one of them is among these. */
export async function loadMetrics(ids: readonly MetricId[]): Promise<MetricTable> {
  if (ids.every((id) => Object.hasOwn(DEFAULT_METRICS, id))) return DEFAULT_METRICS;
  return (await import('./index.js')).METRICS;
}
