import type { Batch } from '../core/batch.js';
import type { Embedding } from '../core/embedding.js';
import type { Unavailable } from './define-metric.js';

export interface Triple {
  readonly prediction: Embedding;
  readonly target: Embedding;
  readonly context: Embedding;
}

/** What a metric of prediction, target and context is where one of them was not saved. */
export function needsContext(
  { prediction, target, context }: Batch,
  compute: (triple: Triple) => number | Unavailable,
): number | Unavailable {
  if (target === null) return { unavailable: 'needs a target' };
  if (context === null) return { unavailable: 'needs a context' };
  return compute({ prediction, target, context });
}
