import { type MetricId, POSITION_METRIC_IDS } from '#metrics/ids.js';
import { printRule } from '../language/print-rule.js';
import type { Condition, Rule } from '../language/rule.js';

/** Fewer rows say too little of one horizon to fail a run. */
export const MIN_HORIZON_ROWS = 64;

/** Several horizons are several chances of a false alarm, and far ones are learnt later. */
const MORE_PATIENCE = 1;

/** A loss that ignores scale leaves predictions of far horizons small, and then beside their targets too. */
const NEAR_TARGETS: Condition = { metric: 'pred_r2', operator: '>', factor: -1, of: null };

const SUFFIX = '.horizon';

/**
 * Makes of each rule of the preset `jepa` one that judges every horizon for itself, as the rule judges the whole: with its
 * own peak and previous value, and one step of patience more; a small spread of predictions counts only near their targets. The reference has no horizons, and users write `at any horizon` themselves.
 */
export function rulesOfHorizons(rules: readonly Rule[]): Rule[] {
  return rules
    .filter(({ kind, at, metric }) => kind !== undefined && at === undefined && !isOfPositions(metric))
    .map((rule): Rule => {
      const forSteps = rule.forSteps + MORE_PATIENCE;
      const where = rule.where?.filter(({ metric }) => metric !== 'pred_r2') ?? [];
      if (rule.metric === 'pred_target_var_ratio') where.push(NEAR_TARGETS);
      const also = where.length > 0 ? { where } : {};
      const ofHorizons = {
        ...rule,
        ...also,
        forSteps,
        id: rule.id + SUFFIX,
        at: 'any horizon',
        quiet: true,
      } as const;
      return { ...ofHorizons, expression: printRule(ofHorizons) };
    });
}

/** Gives the id of the rule that a rule of `rulesOfHorizons` is made of; null for another rule. */
export function ruleOfWhole(id: string): string | null {
  return id.endsWith(SUFFIX) ? id.slice(0, -SUFFIX.length) : null;
}

/** Tells whether a metric is one of samples and positions, which arrays of two axes lack. */
export function isOfPositions(metric: MetricId): boolean {
  return (POSITION_METRIC_IDS as readonly MetricId[]).includes(metric);
}
