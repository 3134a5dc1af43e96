import type { ReportMetricId } from '../report/metric-facts.js';

/** The reference's seven, which every table shows. */
const REFERENCE_METRICS: ReadonlySet<string> = new Set<ReportMetricId>([
  'pred_cos_mean',
  'pred_l2_mean',
  'target_var_per_dim',
  'pred_var_per_dim',
  'pred_target_corr',
  'pairwise_pred_dist_mean',
  'kl_reg',
]);

export interface MetricChoice {
  readonly shown: readonly ReportMetricId[];
  /** Measured, without an alert, and ruled by nothing that was asked for. */
  readonly folded: readonly ReportMetricId[];
}

/** The seven and whatever is ruled on; the rest only with `all`. */
export function chooseMetrics(
  ids: readonly ReportMetricId[],
  ruled: ReadonlySet<ReportMetricId>,
  all: boolean,
): MetricChoice {
  const isShown = (id: ReportMetricId) => all || REFERENCE_METRICS.has(id) || ruled.has(id);
  return { shown: ids.filter(isShown), folded: ids.filter((id) => !isShown(id)) };
}
