import type { Metric } from './define-metric.js';
import type { DEFAULT_METRIC_IDS, MetricId } from './ids.js';
import { copySkill } from './reported/copy-skill.js';
import { deadDimFraction } from './reported/dead-dim-fraction.js';
import { deltaCosMean } from './reported/delta-cos-mean.js';
import { effectiveRankOf } from './reported/effective-rank.js';
import { effectiveRankRatio } from './reported/effective-rank-ratio.js';
import { klExcess } from './reported/kl-excess.js';
import { klReg } from './reported/kl-reg.js';
import { meanPairwiseCos } from './reported/mean-pairwise-cos.js';
import { pairwisePredDistMean } from './reported/pairwise-pred-dist-mean.js';
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
import { sampleVarianceShare } from './reported/sample-variance-share.js';
import { stdL2Normalized } from './reported/std-l2-normalized.js';
import { targetVarPerDim } from './reported/target-var-per-dim.js';
import { tokenVarianceShare } from './reported/token-variance-share.js';
import { vicregVar } from './reported/vicreg-var.js';

/** Some of the metrics, by id. */
export type MetricTable = Readonly<Partial<Record<MetricId, Metric>>>;

/** The metrics of DEFAULT_METRIC_IDS. */
export const DEFAULT_METRICS: Readonly<Record<(typeof DEFAULT_METRIC_IDS)[number], Metric>> = {
  pred_cos_mean: predCosMean,
  pred_l2_mean: predL2Mean,
  target_var_per_dim: targetVarPerDim,
  pred_var_per_dim: predVarPerDim,
  pred_target_corr: predTargetCorr,
  pairwise_pred_dist_mean: pairwisePredDistMean,
  kl_reg: klReg,
  kl_excess: klExcess,
  pred_target_var_ratio: predTargetVarRatio,
  pred_r2: predR2,
  pred_cos_centered_mean: predCosCenteredMean,
  pred_target_corr_per_dim: predTargetCorrPerDim,
  copy_skill: copySkill,
  delta_cos_mean: deltaCosMean,
  ...effectiveRankOf,
  ...effectiveRankRatio,
  ...stdL2Normalized,
  ...meanPairwiseCos,
  ...deadDimFraction,
  ...vicregVar,
  ...sampleVarianceShare,
  ...tokenVarianceShare,
  pred_target_sample_var_ratio: predTargetSampleVarRatio,
  pred_cos_position_centered_mean: predCosPositionCenteredMean,
};
