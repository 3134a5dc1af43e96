import type { MatrixView } from '#numerics/matrix/matrix-view.js';
import type { Batch } from '#numerics/matrix/step-view.js';
import type { MetricValue } from './define-metric.js';

/** What a metric of two matrices is where the run has embeddings alone. */
export function needsTarget(
  batch: Batch,
  compute: (target: MatrixView, prediction: MatrixView) => MetricValue,
): MetricValue {
  return batch.target === null ? { unavailable: 'needs a target' } : compute(batch.target, batch.prediction);
}
