import type { Batch } from '../core/batch.js';
import { InputError } from '../errors.js';
import type { Metric } from './define-metric.js';
import { METRIC_IDS, type MetricId } from './ids.js';
import { klReg } from './kl-reg.js';
import { pairwisePredDistMean } from './pairwise-pred-dist-mean.js';
import { predCosMean } from './pred-cos-mean.js';
import { predL2Mean } from './pred-l2-mean.js';
import { predTargetCorr } from './pred-target-corr.js';
import { predVarPerDim } from './pred-var-per-dim.js';
import { targetVarPerDim } from './target-var-per-dim.js';

/** Every metric by id, in the order of METRIC_IDS. */
export const METRICS: Readonly<Record<MetricId, Metric>> = Object.freeze({
  pred_cos_mean: predCosMean,
  pred_l2_mean: predL2Mean,
  target_var_per_dim: targetVarPerDim,
  pred_var_per_dim: predVarPerDim,
  pred_target_corr: predTargetCorr,
  pairwise_pred_dist_mean: pairwisePredDistMean,
  kl_reg: klReg,
});

export interface MeasuredMetrics {
  readonly metrics: Partial<Record<MetricId, number | null>>;
  /** Why a metric is null. */
  readonly unavailable: Partial<Record<MetricId, string>>;
}

/**
 * The one way from a batch to its numbers. Throws `InputError` E218 naming the metric whose value does not fit in a
 * float64; a metric that cannot be computed is null with its reason.
 */
export function computeMetrics(batch: Batch, ids: readonly MetricId[] = METRIC_IDS): MeasuredMetrics {
  const metrics: Partial<Record<MetricId, number | null>> = {};
  const unavailable: Partial<Record<MetricId, string>> = {};
  for (const id of ids) {
    const value = METRICS[id].compute(batch);
    if (typeof value !== 'number') {
      metrics[id] = null;
      unavailable[id] = value.unavailable;
    } else if (Number.isFinite(value)) {
      metrics[id] = value;
    } else {
      throw new InputError('E218', `the values are too large: ${id} does not fit in a float64`, {
        fields: { metric: id },
      });
    }
  }
  return { metrics, unavailable };
}
