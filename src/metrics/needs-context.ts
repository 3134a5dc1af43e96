import type { Batch } from '#numerics/matrix/step-view.js';
import type { Unavailable } from './define-metric.js';

/** What a metric of prediction, target and context is where one of them was not saved. */
export function needsContext(
  { target, context }: Batch,
  compute: () => number | Unavailable,
): number | Unavailable {
  if (target === null) return { unavailable: 'needs a target' };
  if (context === null) return { unavailable: 'needs a context' };
  return compute();
}
