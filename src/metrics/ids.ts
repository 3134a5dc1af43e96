/** The seven diagnostics of RFC-0005 section 3.6, in the order every output shows them. */
export const METRIC_IDS = [
  'pred_cos_mean',
  'pred_l2_mean',
  'target_var_per_dim',
  'pred_var_per_dim',
  'pred_target_corr',
  'pairwise_pred_dist_mean',
  'kl_reg',
] as const;

export type MetricId = (typeof METRIC_IDS)[number];
