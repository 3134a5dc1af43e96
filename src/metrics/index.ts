import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import { computeFrom, type MeasuredMetrics, needsOf as needsFrom } from './compute.js';
import { DEFAULT_METRICS } from './default-metrics.js';
import type { Metric } from './define-metric.js';
import { DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from './ids.js';
import { alphaReq } from './reported/alpha-req.js';
import { knnAccuracy } from './reported/knn-accuracy.js';
import { lidarOf } from './reported/lidar.js';
import { nearestNeighbourRatio } from './reported/nearest-neighbour-ratio.js';
import { pairwiseTargetDistMean } from './reported/pairwise-target-dist-mean.js';
import { participationRatio } from './reported/participation-ratio.js';
import { probeR2Of } from './reported/probe-r2.js';
import { rankme } from './reported/rankme.js';
import { retrievalMrr, retrievalTop1 } from './reported/retrieval.js';
import { sigregOf } from './reported/sigreg.js';
import { stableRank } from './reported/stable-rank.js';
import { temporalStraightness } from './reported/temporal-straightness.js';
import { topEigenvalueShare } from './reported/top-eigenvalue-share.js';
import { uniformityOf } from './reported/uniformity.js';
import { vicregCov } from './reported/vicreg-cov.js';

const BY_ID: Readonly<Record<MetricId, Metric>> = {
  ...DEFAULT_METRICS,
  pairwise_target_dist_mean: pairwiseTargetDistMean,
  retrieval_top1: retrievalTop1,
  retrieval_mrr: retrievalMrr,
  ...rankme,
  ...participationRatio,
  ...stableRank,
  ...topEigenvalueShare,
  ...alphaReq,
  ...uniformityOf,
  ...vicregCov,
  ...sigregOf,
  ...nearestNeighbourRatio,
  ...knnAccuracy,
  ...probeR2Of,
  ...lidarOf,
  temporal_straightness: temporalStraightness,
};

/** Every metric by id, in the order of METRIC_IDS. */
export const METRICS: Readonly<Record<MetricId, Metric>> = Object.freeze(
  Object.fromEntries(METRIC_IDS.map((id) => [id, BY_ID[id]])) as Record<MetricId, Metric>,
);

/**
 * The one way from a batch to its numbers. A metric that cannot be computed is null with its reason; so is one of the
 * further diagnostics whose value does not fit in a float64. For one of the seven that throws `InputError` E218 naming
 * the metric. Of a batch whose rows pass by, what the metrics need (`needsOf`) is known before.
 */
export function computeMetrics(batch: Batch, ids: readonly MetricId[] = DEFAULT_METRIC_IDS): MeasuredMetrics {
  return computeFrom(METRICS, batch, ids);
}

/** What the metrics ask for. */
export function needsOf(ids: readonly MetricId[]): StepNeeds[] {
  return needsFrom(ids, METRICS);
}
