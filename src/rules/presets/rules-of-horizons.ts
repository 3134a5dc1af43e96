import { type MetricId, POSITION_METRIC_IDS } from '#metrics/ids.js';
import { printRule } from '../language/print-rule.js';
import type { Condition, Rule } from '../language/rule.js';

/** Fewer rows say too little of one horizon to fail a run. */
export const MIN_HORIZON_ROWS = 64;

/** Several horizons are several chances of a false alarm, and far ones are learnt later. */
const MORE_PATIENCE = 1;

/**
 * A loss that ignores scale leaves predictions of far horizons small, and beside their targets where these have an offset: a
 * small spread says collapse near the targets, or where the predictions do not even point their way.
 */
const NEAR_TARGETS: Condition = { metric: 'pred_r2', operator: '>', factor: -1, of: null };
const POINTS_AWAY: Condition = {
  metric: 'pred_cos_mean',
  operator: '<',
  factor: 0.2,
  of: null,
};

const SUFFIX = '.horizon';
const AWAY = '_away';

/**
 * Makes of each rule of the preset `jepa` one that judges every horizon for itself, as the rule judges the whole: with its
 * own peak and previous value, and one step of patience more; two where a small spread of predictions counts only near
 * their targets, or away from them. The reference has no horizons, and users write `at any horizon` themselves.
 */
export function rulesOfHorizons(rules: readonly Rule[]): Rule[] {
  return rules
    .filter(({ kind, at }) => kind !== undefined && at === undefined)
    .filter(({ metric, ofWhole }) => !ofWhole && !isOfPositions(metric))
    .flatMap((rule) => {
      if (rule.metric !== 'pred_target_var_ratio') return ofHorizons(rule, SUFFIX, rule.where ?? []);
      const where = rule.where?.filter(({ metric }) => metric !== 'pred_r2') ?? [];
      return [
        ofHorizons(rule, SUFFIX, [...where, NEAR_TARGETS]),
        ofHorizons(rule, SUFFIX + AWAY, [...where, POINTS_AWAY]),
      ];
    });
}

function ofHorizons(rule: Rule, suffix: string, where: readonly Condition[]): Rule {
  const made = {
    ...rule,
    ...(where.length > 0 ? { where } : {}),
    forSteps: rule.forSteps + MORE_PATIENCE,
    id: rule.id + suffix,
    at: 'any horizon',
    quiet: true,
  } as const;
  return { ...made, expression: printRule(made) };
}

/** Gives the id of the rule that a rule of `rulesOfHorizons` is made of; null for another rule. */
export function ruleOfWhole(id: string): string | null {
  const [whole, isOfHorizons] = id.split(SUFFIX, 2) as [string, string?];
  return isOfHorizons === undefined ? null : whole;
}

/** Tells whether a metric is one of samples and positions, which arrays of two axes lack. */
export function isOfPositions(metric: MetricId): boolean {
  return (POSITION_METRIC_IDS as readonly MetricId[]).includes(metric);
}
