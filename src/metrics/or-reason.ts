import type { MetricValue } from './define-metric.js';

/** What a quantity found, where a text says why it found nothing. */
export function orReason(found: Exclude<MetricValue, { unavailable: string }> | string): MetricValue {
  return typeof found === 'string' ? { unavailable: found } : found;
}
