import { percentText } from '../language/number-text.js';
import type { Rule } from '../language/rule.js';

/** The fields of the reference's thresholds, under this library's names. */
export interface Rfc0005Thresholds {
  /** `pred_var_per_dim` must not be below this share of `target_var_per_dim`. */
  readonly predVarToTargetVar: number;
  /** `pairwise_pred_dist_mean` must not be below this share of the initial distance. */
  readonly pairwiseToInitial: number;
  /** `kl_reg` must not be above this, in nats. */
  readonly klRegMax: number;
}

/** The reference's default thresholds (RFC-0005 section 3.6). */
export const RFC_0005_THRESHOLDS: Rfc0005Thresholds = Object.freeze({
  predVarToTargetVar: 0.5,
  pairwiseToInitial: 0.5,
  klRegMax: 10,
});

/**
 * Makes the preset `rfc-0005`: the reference's three criteria in the reference's order, strict inequalities, level
 * error. A rule's id is its metric's, as the reference names its criteria. Thresholds are taken as given; validating
 * them is the work of `CollapseThresholds` and of the options.
 *
 * Source: RFC-0005 section 3.6, `geno_lewm.training.collapse`.
 *
 * @example
 * rfc0005Rules().map((rule) => rule.expression);
 * // ['pred_var_per_dim < 50% of target_var_per_dim', 'pairwise_pred_dist_mean < 50% of baseline', 'kl_reg > 10']
 */
export function rfc0005Rules(thresholds: Rfc0005Thresholds = RFC_0005_THRESHOLDS): Rule[] {
  const { predVarToTargetVar, pairwiseToInitial, klRegMax } = thresholds;
  const common = { forSteps: 1, after: null, level: 'error' } as const;
  return [
    {
      ...common,
      id: 'pred_var_per_dim',
      metric: 'pred_var_per_dim',
      operator: '<',
      factor: predVarToTargetVar,
      of: 'target_var_per_dim',
      expression: `pred_var_per_dim < ${percentText(predVarToTargetVar)} of target_var_per_dim`,
    },
    {
      ...common,
      id: 'pairwise_pred_dist_mean',
      metric: 'pairwise_pred_dist_mean',
      operator: '<',
      factor: pairwiseToInitial,
      of: 'baseline',
      expression: `pairwise_pred_dist_mean < ${percentText(pairwiseToInitial)} of baseline`,
    },
    {
      ...common,
      id: 'kl_reg',
      metric: 'kl_reg',
      operator: '>',
      factor: klRegMax,
      of: null,
      expression: `kl_reg > ${klRegMax}`,
    },
  ];
}
