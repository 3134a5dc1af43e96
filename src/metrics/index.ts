import { InputError } from '#errors.js';
import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import type { Estimate } from '#numerics/pairs/estimate.js';
import type { Metric, MetricValue } from './define-metric.js';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, type MetricId } from './ids.js';
import { alphaReq } from './reported/alpha-req.js';
import { copySkill } from './reported/copy-skill.js';
import { deadDimFraction } from './reported/dead-dim-fraction.js';
import { deltaCosMean } from './reported/delta-cos-mean.js';
import { effectiveRankOf } from './reported/effective-rank.js';
import { effectiveRankRatio } from './reported/effective-rank-ratio.js';
import { klExcess } from './reported/kl-excess.js';
import { klReg } from './reported/kl-reg.js';
import { knnAccuracy } from './reported/knn-accuracy.js';
import { lidarOf } from './reported/lidar.js';
import { meanPairwiseCos } from './reported/mean-pairwise-cos.js';
import { nearestNeighbourRatio } from './reported/nearest-neighbour-ratio.js';
import { pairwisePredDistMean } from './reported/pairwise-pred-dist-mean.js';
import { pairwiseTargetDistMean } from './reported/pairwise-target-dist-mean.js';
import { participationRatio } from './reported/participation-ratio.js';
import { predCosCenteredMean } from './reported/pred-cos-centered-mean.js';
import { predCosMean } from './reported/pred-cos-mean.js';
import { predCosPositionCenteredMean } from './reported/pred-cos-position-centered-mean.js';
import { predL2Mean } from './reported/pred-l2-mean.js';
import { predR2 } from './reported/pred-r2.js';
import { predTargetCorr } from './reported/pred-target-corr.js';
import { predTargetCorrPerDim } from './reported/pred-target-corr-per-dim.js';
import { predTargetSampleVarRatio } from './reported/pred-target-sample-var-ratio.js';
import { predTargetVarRatio } from './reported/pred-target-var-ratio.js';
import { predVarPerDim } from './reported/pred-var-per-dim.js';
import { probeR2Of } from './reported/probe-r2.js';
import { rankme } from './reported/rankme.js';
import { retrievalMrr, retrievalTop1 } from './reported/retrieval.js';
import { sampleVarianceShare } from './reported/sample-variance-share.js';
import { sigregOf } from './reported/sigreg.js';
import { stableRank } from './reported/stable-rank.js';
import { stdL2Normalized } from './reported/std-l2-normalized.js';
import { targetVarPerDim } from './reported/target-var-per-dim.js';
import { temporalStraightness } from './reported/temporal-straightness.js';
import { tokenVarianceShare } from './reported/token-variance-share.js';
import { topEigenvalueShare } from './reported/top-eigenvalue-share.js';
import { uniformityOf } from './reported/uniformity.js';
import { vicregCov } from './reported/vicreg-cov.js';
import { vicregVar } from './reported/vicreg-var.js';

/** Every metric by id, in the order of METRIC_IDS. */
export const METRICS: Readonly<Record<MetricId, Metric>> = Object.freeze({
  pred_cos_mean: predCosMean,
  pred_l2_mean: predL2Mean,
  target_var_per_dim: targetVarPerDim,
  pred_var_per_dim: predVarPerDim,
  pred_target_corr: predTargetCorr,
  pairwise_pred_dist_mean: pairwisePredDistMean,
  kl_reg: klReg,
  kl_excess: klExcess,
  pairwise_target_dist_mean: pairwiseTargetDistMean,
  pred_target_var_ratio: predTargetVarRatio,
  pred_r2: predR2,
  pred_cos_centered_mean: predCosCenteredMean,
  pred_target_corr_per_dim: predTargetCorrPerDim,
  retrieval_top1: retrievalTop1,
  retrieval_mrr: retrievalMrr,
  copy_skill: copySkill,
  delta_cos_mean: deltaCosMean,
  ...effectiveRankOf,
  ...effectiveRankRatio,
  ...rankme,
  ...participationRatio,
  ...stableRank,
  ...topEigenvalueShare,
  ...alphaReq,
  ...stdL2Normalized,
  ...meanPairwiseCos,
  ...deadDimFraction,
  ...uniformityOf,
  ...vicregVar,
  ...vicregCov,
  ...sigregOf,
  ...sampleVarianceShare,
  ...tokenVarianceShare,
  pred_target_sample_var_ratio: predTargetSampleVarRatio,
  pred_cos_position_centered_mean: predCosPositionCenteredMean,
  ...nearestNeighbourRatio,
  ...knnAccuracy,
  ...probeR2Of,
  ...lidarOf,
  temporal_straightness: temporalStraightness,
});

export interface MeasuredMetrics {
  readonly metrics: Partial<Record<MetricId, number | null>>;
  /** Why a metric is null. */
  readonly unavailable: Partial<Record<MetricId, string>>;
  /** The metrics that are estimates, because the batch asked for random pairs. */
  readonly estimates: Partial<Record<MetricId, Estimate>>;
}

/**
 * The one way from a batch to its numbers. A metric that cannot be computed is null with its reason; so is one of the
 * further diagnostics whose value does not fit in a float64. For one of the seven that throws `InputError` E218 naming
 * the metric. Of a batch whose rows pass by, what the metrics need (`needsOf`) is known before.
 */
export function computeMetrics(batch: Batch, ids: readonly MetricId[] = DEFAULT_METRIC_IDS): MeasuredMetrics {
  const metrics: Partial<Record<MetricId, number | null>> = {};
  const unavailable: Partial<Record<MetricId, string>> = {};
  const estimates: Partial<Record<MetricId, Estimate>> = {};
  batch.declare(needsOf(ids));
  for (const id of ids) {
    const result = METRICS[id].compute(batch);
    const value = numberOf(result);
    if (value !== null && Number.isFinite(value)) {
      metrics[id] = value;
      if (typeof result === 'object' && 'estimate' in result) estimates[id] = result.estimate;
      continue;
    }
    if (value !== null && isCore(id)) {
      throw new InputError('E218', `the values are too large: ${id} does not fit in a float64`, {
        fields: { metric: id, argument: METRICS[id].of ?? 'prediction' },
      });
    }
    metrics[id] = null;
    unavailable[id] =
      typeof result === 'object' && 'unavailable' in result
        ? result.unavailable
        : 'does not fit in a float64';
  }
  return { metrics, unavailable, estimates };
}

/** What the metrics ask for. */
export function needsOf(ids: readonly MetricId[]): StepNeeds[] {
  return ids.map((id) => METRICS[id].needs);
}

function numberOf(result: MetricValue): number | null {
  if (typeof result === 'number') return result;
  return 'value' in result ? result.value : null;
}

function isCore(id: MetricId): boolean {
  return (CORE_METRIC_IDS as readonly MetricId[]).includes(id);
}
