import type { MetricId } from '#metrics/ids.js';
import { IS_CONSTANT, type JepaRule, when } from './jepa-rule.js';

/** An untrained predictor is where a dead one is, until its variance or a cosine rises. */
const WARMS_UP = {
  kind: 'predictor collapse',
  forSteps: 3,
  unlessRecovering: true,
  unlessRises: ['pred_cos_centered_mean', 'pred_cos_position_centered_mean'],
} as const satisfies Partial<JepaRule>;
/** Distances are a fourteenth of those between targets: what two rules ask for, each with a second condition of its own. */
const PRACTICALLY_A_MEAN = {
  kind: 'predictor collapse',
  metric: 'pred_target_var_ratio',
  factor: 0.005,
  forSteps: 3,
  ofOneBatch: true,
  unlessRecovering: true,
} as const satisfies Partial<JepaRule>;
/** Nearer to the targets' mean than a loss that leaves the scale free brings a prediction. */
const NOT_BESIDE_THE_TARGETS = when('pred_r2', '>', -1);
/** 64 rows of twenty directions that have nothing to do with each other show a cosine of 0.08 at three standard deviations. */
const BEYOND_CHANCE = when('pred_cos_centered_mean', '>=', 0.1);

/** As large as least squares makes a prediction of its cosine, which is no chance, and has not been higher by a quarter. */
function calibrated(metric: MetricId, cosine: MetricId) {
  return [
    when(cosine, '>=', 0.05),
    { ...when(metric, '>=', 0.9, cosine), squared: true },
    { ...when(metric, '<=', 6, cosine), squared: true },
    { ...when(cosine, '>=', 1, 'peak'), less: 0.25 },
  ] as const;
}

/** The target is what it was at the first judged step, to a hundredth: a network that does not learn, on the same batch. */
const TARGET_STANDS = (['target_var_per_dim', 'target_effective_rank'] as const).flatMap((metric) => [
  when(metric, '>=', 0.99, 'baseline'),
  when(metric, '<=', 1.01, 'baseline'),
]);

/** What the preset `jepa` asks of predictions beside their targets. */
export const RULES_OF_PREDICTORS: readonly JepaRule[] = [
  {
    id: 'jepa.pred_constant',
    kind: 'predictor collapse',
    metric: 'pred_var_per_dim',
    ...IS_CONSTANT,
  },
  {
    id: 'jepa.pred_variance_low',
    ...WARMS_UP,
    ofOneBatch: true,
    metric: 'pred_target_var_ratio',
    factor: 0.1,
    where: [when('pred_cos_centered_mean', '<', 0.2)],
    unless: [
      calibrated('pred_target_var_ratio', 'pred_cos_centered_mean'),
      [BEYOND_CHANCE, when('pred_r2', '<=', -1)],
    ],
  },
  {
    id: 'jepa.pred_explains_little',
    ...WARMS_UP,
    metric: 'pred_target_var_ratio',
    factor: 0.1,
    where: [
      when('pred_cos_centered_mean', '<', 0.2),
      when('pred_cos_centered_mean', '>=', 0.05),
      // Well below what is calibrated, so that a value about that bound does not fall between two rules.
      { ...when('pred_target_var_ratio', '>=', 0.5, 'pred_cos_centered_mean'), squared: true },
      when('pred_r2', '<', 0.03),
      NOT_BESIDE_THE_TARGETS,
      ...TARGET_STANDS,
    ],
    ofWhole: true,
  },
  {
    id: 'jepa.pred_variance_lost',
    ...PRACTICALLY_A_MEAN,
    where: [when('pred_cos_centered_mean', '<', 0.45), NOT_BESIDE_THE_TARGETS],
  },
  {
    id: 'jepa.pred_rows_alike',
    ...PRACTICALLY_A_MEAN,
    where: [
      when('pred_std_l2_normalized', '<', 0.5, 'target_std_l2_normalized'),
      when('pred_cos_centered_mean', '<', 0.85),
      NOT_BESIDE_THE_TARGETS,
    ],
  },
  {
    id: 'jepa.pred_rank_low',
    ...WARMS_UP,
    ofOneBatch: true,
    metric: 'pred_effective_rank_ratio',
    factor: 0.1,
    of: 'target_effective_rank_ratio',
    where: [when('pred_cos_centered_mean', '<', 0.5)],
    unless: [[BEYOND_CHANCE, when('pred_effective_rank', '>=', 1.05)]],
  },
  {
    id: 'jepa.pred_positional',
    ...WARMS_UP,
    ofOneBatch: true,
    metric: 'pred_target_sample_var_ratio',
    factor: 0.04,
    where: [when('pred_cos_position_centered_mean', '<', 0.15)],
    unless: [calibrated('pred_target_sample_var_ratio', 'pred_cos_position_centered_mean')],
  },
];
