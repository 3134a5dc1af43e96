import { DEFAULT_METRIC_IDS, type MetricId, POSITION_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { makeBatch, type Sequence } from './make-batch.js';

/** What a check measures of embeddings of two axes without a context and without a kl_reg. */
export const MEASURED: readonly MetricId[] = DEFAULT_METRIC_IDS.filter(
  (id) => !['kl_reg', 'kl_excess', 'copy_skill', 'delta_cos_mean', ...POSITION_METRIC_IDS].includes(id),
);

/** The metrics of one step of a sequence, in the order of MEASURED; null where one has no value. */
export function measureSequence(
  sequence: Sequence,
  rows: number,
  cols: number,
  seed: number,
  step: number,
): (number | null)[] {
  const { metrics } = computeMetrics(createBatch(makeBatch(sequence, rows, cols, seed, step)), MEASURED);
  return MEASURED.map((id) => metrics[id] ?? null);
}
