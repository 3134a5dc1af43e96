/** The seven diagnostics of RFC-0005 section 3.6. */
export const CORE_METRIC_IDS = [
  'pred_cos_mean',
  'pred_l2_mean',
  'target_var_per_dim',
  'pred_var_per_dim',
  'pred_target_corr',
  'pairwise_pred_dist_mean',
  'kl_reg',
] as const;

/** The metrics of samples and positions: null where arrays have two axes. */
export const POSITION_METRIC_IDS = [
  'pred_sample_variance_share',
  'target_sample_variance_share',
  'pred_token_variance_share',
  'target_token_variance_share',
  'pred_target_sample_var_ratio',
  'pred_cos_position_centered_mean',
] as const;

/** The metrics of clusters, of what is known of each row beside its embedding, and of time. */
export const ROW_METRIC_IDS = [
  'pred_nearest_neighbour_ratio',
  'target_nearest_neighbour_ratio',
  'pred_knn_accuracy',
  'target_knn_accuracy',
  'pred_probe_r2',
  'target_probe_r2',
  'pred_lidar',
  'target_lidar',
  'temporal_straightness',
] as const;

/** Every metric, in the order every output shows them. */
export const METRIC_IDS = [
  ...CORE_METRIC_IDS,
  'kl_excess',
  'pairwise_target_dist_mean',
  'pred_target_var_ratio',
  'pred_r2',
  'pred_cos_centered_mean',
  'pred_target_corr_per_dim',
  'retrieval_top1',
  'retrieval_mrr',
  'copy_skill',
  'delta_cos_mean',
  'pred_effective_rank',
  'target_effective_rank',
  'pred_effective_rank_ratio',
  'target_effective_rank_ratio',
  'pred_rankme',
  'target_rankme',
  'pred_participation_ratio',
  'target_participation_ratio',
  'pred_stable_rank',
  'target_stable_rank',
  'pred_top_eigenvalue_share',
  'target_top_eigenvalue_share',
  'pred_alpha_req',
  'target_alpha_req',
  'pred_std_l2_normalized',
  'target_std_l2_normalized',
  'pred_mean_pairwise_cos',
  'target_mean_pairwise_cos',
  'pred_dead_dim_fraction',
  'target_dead_dim_fraction',
  'pred_uniformity',
  'target_uniformity',
  'pred_vicreg_var',
  'target_vicreg_var',
  'pred_vicreg_cov',
  'target_vicreg_cov',
  'pred_sigreg',
  'target_sigreg',
  ...POSITION_METRIC_IDS,
  ...ROW_METRIC_IDS,
] as const;

/** The id of a metric. */
export type MetricId = (typeof METRIC_IDS)[number];

/** The ways for a run to collapse that have a name. */
export const COLLAPSE_KIND_IDS = [
  'explosion',
  'complete collapse',
  'dimensional collapse',
  'positional collapse',
  'predictor collapse',
  'over-smoothing',
  'copying',
] as const;

export type CollapseKindId = (typeof COLLAPSE_KIND_IDS)[number];

/**
 * What a check measures unless asked otherwise: the seven, whatever costs one pass over the matrices, and the two
 * effective ranks, without which dimensional collapse looks like health.
 */
export const DEFAULT_METRIC_IDS = [
  ...CORE_METRIC_IDS,
  'kl_excess',
  'pred_target_var_ratio',
  'pred_r2',
  'pred_cos_centered_mean',
  'pred_target_corr_per_dim',
  'copy_skill',
  'delta_cos_mean',
  'pred_effective_rank',
  'target_effective_rank',
  'pred_effective_rank_ratio',
  'target_effective_rank_ratio',
  'pred_std_l2_normalized',
  'target_std_l2_normalized',
  'pred_mean_pairwise_cos',
  'target_mean_pairwise_cos',
  'pred_dead_dim_fraction',
  'target_dead_dim_fraction',
  'pred_vicreg_var',
  'target_vicreg_var',
  ...POSITION_METRIC_IDS,
] as const satisfies readonly MetricId[];
