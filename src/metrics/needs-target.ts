import type { Batch } from '../core/batch.js';
import type { Embedding } from '../core/embedding.js';
import type { MetricValue } from './define-metric.js';

/** What a metric of two matrices is where the run has embeddings alone. */
export function needsTarget(
  batch: Batch,
  compute: (target: Embedding, prediction: Embedding) => MetricValue,
): MetricValue {
  return batch.target === null ? { unavailable: 'needs a target' } : compute(batch.target, batch.prediction);
}
