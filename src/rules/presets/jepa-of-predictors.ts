import type { MetricId } from '#metrics/ids.js';
import { IS_CONSTANT, type JepaRule } from './jepa-rule.js';

/** An untrained predictor is where a dead one is, until its variance or a cosine rises. */
const WARMS_UP = {
  kind: 'predictor collapse',
  operator: '<',
  of: null,
  forSteps: 3,
  unlessRecovering: true,
  unlessRises: ['pred_cos_centered_mean', 'pred_cos_position_centered_mean'],
} as const satisfies Partial<JepaRule>;
/** Distances are a fourteenth of those between targets: what two rules ask for, each with a second condition of its own. */
const PRACTICALLY_A_MEAN = {
  kind: 'predictor collapse',
  metric: 'pred_target_var_ratio',
  operator: '<',
  factor: 0.005,
  of: null,
  forSteps: 3,
  ofOneBatch: true,
  unlessRecovering: true,
} as const satisfies Partial<JepaRule>;
/** Nearer to the targets' mean than a loss that leaves the scale free brings a prediction. */
const NOT_BESIDE_THE_TARGETS = { metric: 'pred_r2', operator: '>', factor: -1, of: null } as const;
/** 64 rows of twenty directions that have nothing to do with each other show a cosine of 0.08 at three standard deviations. */
const BEYOND_CHANCE = { metric: 'pred_cos_centered_mean', operator: '>=', factor: 0.1, of: null } as const;

/** As large as least squares makes a prediction of its cosine, which is no chance, and has not been higher by a quarter. */
function calibrated(metric: MetricId, cosine: MetricId) {
  return [
    { metric: cosine, operator: '>=', factor: 0.05, of: null },
    { metric, operator: '>=', factor: 0.9, of: cosine, squared: true },
    { metric, operator: '<=', factor: 6, of: cosine, squared: true },
    { metric: cosine, operator: '>=', factor: 1, of: 'peak', less: 0.25 },
  ] as const;
}

/** The target is what it was at the first judged step, to a hundredth: a network that does not learn, on the same batch. */
const TARGET_STANDS = (['target_var_per_dim', 'target_effective_rank'] as const).flatMap((metric) => [
  { metric, operator: '>=', factor: 0.99, of: 'baseline' } as const,
  { metric, operator: '<=', factor: 1.01, of: 'baseline' } as const,
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
    where: [{ metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null }],
    unless: [
      calibrated('pred_target_var_ratio', 'pred_cos_centered_mean'),
      [BEYOND_CHANCE, { metric: 'pred_r2', operator: '<=', factor: -1, of: null }],
    ],
  },
  {
    id: 'jepa.pred_explains_little',
    ...WARMS_UP,
    metric: 'pred_target_var_ratio',
    factor: 0.1,
    where: [
      { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null },
      { metric: 'pred_cos_centered_mean', operator: '>=', factor: 0.05, of: null },
      // Well below what is calibrated, so that a value about that bound does not fall between two rules.
      {
        metric: 'pred_target_var_ratio',
        operator: '>=',
        factor: 0.5,
        of: 'pred_cos_centered_mean',
        squared: true,
      },
      { metric: 'pred_r2', operator: '<', factor: 0.03, of: null },
      NOT_BESIDE_THE_TARGETS,
      ...TARGET_STANDS,
    ],
    ofWhole: true,
  },
  {
    id: 'jepa.pred_variance_lost',
    ...PRACTICALLY_A_MEAN,
    where: [
      { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.45, of: null },
      NOT_BESIDE_THE_TARGETS,
    ],
  },
  {
    id: 'jepa.pred_rows_alike',
    ...PRACTICALLY_A_MEAN,
    where: [
      { metric: 'pred_std_l2_normalized', operator: '<', factor: 0.5, of: 'target_std_l2_normalized' },
      { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.85, of: null },
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
    where: [{ metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null }],
    unless: [[BEYOND_CHANCE, { metric: 'pred_effective_rank', operator: '>=', factor: 1.05, of: null }]],
  },
  {
    id: 'jepa.pred_positional',
    ...WARMS_UP,
    ofOneBatch: true,
    metric: 'pred_target_sample_var_ratio',
    factor: 0.04,
    where: [{ metric: 'pred_cos_position_centered_mean', operator: '<', factor: 0.15, of: null }],
    unless: [calibrated('pred_target_sample_var_ratio', 'pred_cos_position_centered_mean')],
  },
];
