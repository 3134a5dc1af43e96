import { InputError } from '#errors.js';
import type { RuleAlert } from '#rules/language/rule.js';
import { rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { evaluateRule } from '#rules/series/evaluate-rule.js';
import { checkInitialDistance } from '#rules/series/initial-distance.js';
import { type CollapseMetricId, type CollapseMetrics, checkCollapseMetrics } from './collapse-metrics.js';
import { optionsObject } from './options-object.js';
import { CollapseThresholds, type CollapseThresholdsOptions } from './thresholds.js';

/** The reference's criteria, in its order; each is named after the metric it looks at. */
export type CollapseCriterion = 'pred_var_per_dim' | 'pairwise_pred_dist_mean' | 'kl_reg';

/** A criterion of the reference that trips. */
export interface CollapseAlert {
  readonly criterion: CollapseCriterion;
  readonly value: number;
  /** The bound in the metric's own unit: the share times what it is a share of, or the bound itself. */
  readonly threshold: number;
}

/** By what `detectCollapse` judges. */
export interface DetectOptions {
  readonly thresholds?: CollapseThresholds | CollapseThresholdsOptions | undefined;
  /** Without it there is no criterion on `pairwise_pred_dist_mean`. */
  readonly initialPairwisePredDistMean?: number | null | undefined;
}

const READ_METRICS: readonly CollapseMetricId[] = [
  'target_var_per_dim',
  'pred_var_per_dim',
  'pairwise_pred_dist_mean',
  'kl_reg',
];

/**
 * The criteria of the preset `rfc-0005` on one batch's metrics, in the reference's order, all strict:
 * `pred_var_per_dim` < predVarToTargetVar × `target_var_per_dim`; `pairwise_pred_dist_mean` < pairwiseToInitial ×
 * the initial distance; `kl_reg` > klRegMax. An empty array says that none trips.
 *
 * Source: RFC-0005 section 3.6, `detect_collapse` of `geno_lewm.training.collapse`.
 *
 * @throws InputError E224 for a metric that is missing or not finite (NaN never passes), a threshold that is not
 * finite and > 0, or an initial distance that is not finite and >= 0; E218 when a bound overflows.
 *
 * @example
 * const target = [[-2, -1, 0], [0, 1, 2], [2, 3, 4], [4, 5, 6]];
 * const metrics = computeCollapseMetrics([[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]], target, { klReg: 0 });
 * detectCollapse(metrics); // [{ criterion: 'pred_var_per_dim', value: 0, threshold: 2.5 }]
 */
export function detectCollapse(metrics: CollapseMetrics, options?: DetectOptions): CollapseAlert[] {
  checkCollapseMetrics(metrics, READ_METRICS);
  const { thresholds: given, initialPairwisePredDistMean } = optionsObject(options);
  const thresholds = toThresholds(given);
  const initial = checkInitialDistance(initialPairwisePredDistMean);
  const references = {
    baseline: { pairwise_pred_dist_mean: initial },
    previous: {},
    peak: {},
    earlier: {},
    earlierPeak: {},
    highest: {},
    'trained peak': {},
  };

  const alerts: CollapseAlert[] = [];
  for (const rule of rfc0005Rules(thresholds)) {
    if (rule.of === 'baseline' && initial === null) continue;
    const outcome = evaluateRule(rule, metrics, references);
    if (outcome.outcome === 'skipped') throw undecided(rule.id, outcome.reason);
    if (outcome.outcome === 'trips') alerts.push(toCollapseAlert({ rule, ...outcome }));
  }
  return alerts;
}

/** An alert of the preset `rfc-0005` as the reference words it. */
export function toCollapseAlert({ rule, value, threshold }: RuleAlert): CollapseAlert {
  return { criterion: rule.id as CollapseCriterion, value, threshold };
}

/** A criterion on finite metrics is undecided only where its bound overflows. */
export function undecided(criterion: string, reason: string): InputError {
  return new InputError('E218', `${criterion} cannot be judged: ${reason}`, { fields: { criterion } });
}

/** Thresholds as given, defaults for what is left out. */
export function toThresholds(
  thresholds: CollapseThresholds | CollapseThresholdsOptions | undefined,
): CollapseThresholds {
  return thresholds instanceof CollapseThresholds ? thresholds : new CollapseThresholds(thresholds);
}
