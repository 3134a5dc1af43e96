import type { Batch } from '#numerics/matrix/batch.js';
import type { WholeEmbedding } from '#numerics/matrix/whole-embedding.js';
import type { MetricValue } from './define-metric.js';

/** What a metric of two matrices is where the run has embeddings alone. */
export function needsTarget(
  batch: Batch,
  compute: (target: WholeEmbedding, prediction: WholeEmbedding) => MetricValue,
): MetricValue {
  return batch.target === null ? { unavailable: 'needs a target' } : compute(batch.target, batch.prediction);
}
