import type { MetricId } from '#metrics/ids.js';
import { isBeyond } from '../language/comparison.js';
import { type Condition, isOfEarlierSteps, type Reference, type Rule } from '../language/rule.js';
import { finiteValue, type MetricReasons, type MetricValues, type References } from './values.js';

/** What a rule says of one step. A skip is neither a pass nor an alert: the rule could not be decided. */
export type RuleOutcome =
  | { readonly outcome: 'holds'; readonly value: number; readonly threshold: number }
  | { readonly outcome: 'trips'; readonly value: number; readonly threshold: number }
  | { readonly outcome: 'skipped'; readonly reason: string };

/**
 * Decides one rule on one step's values, leaving `for N` and `after S` to the series. It trips when
 * `value operator factor` (or `factor × reference`) is true. Where the value or the reference is NaN,
 * infinite, null or absent, or the product overflows, the rule is skipped and says why. A rule with `where` holds where
 * one of these is not true, and is skipped where it would trip and one cannot be decided.
 *
 * @example
 * evaluateRule(
 *   { ...rule, metric: 'pred_var_per_dim', operator: '<', factor: 0.5, of: 'target_var_per_dim' },
 *   { pred_var_per_dim: 0, target_var_per_dim: 5 },
 *   { baseline: {}, previous: {}, peak: {}, earlier: {}, earlierPeak: {}, highest: {}, 'trained peak': {} },
 * ); // { outcome: 'trips', value: 0, threshold: 2.5 }
 */
export function evaluateRule(
  rule: Rule,
  values: MetricValues,
  references: References,
  unavailable: MetricReasons = {},
): RuleOutcome {
  const outcome = evaluateCondition(rule, rule.expression, values, references, unavailable);
  if (outcome.outcome !== 'trips') return outcome;
  const evaluated = (condition: Condition) =>
    evaluateCondition(condition, rule.expression, values, references, unavailable);
  const isTrue = (condition: Condition) => evaluated(condition).outcome === 'trips';
  if (rule.unless?.some((excuse) => excuse.every(isTrue))) return { ...outcome, outcome: 'holds' };
  const also = rule.where?.map(evaluated) ?? [];
  if (also.some((other) => other.outcome === 'holds')) return { ...outcome, outcome: 'holds' };
  return also.find((other) => other.outcome === 'skipped') ?? outcome;
}

function evaluateCondition(
  rule: Condition,
  expression: string,
  values: MetricValues,
  references: References,
  unavailable: MetricReasons,
): RuleOutcome {
  const value = finiteValue(values, rule.metric);
  if (value === null) return skipped(missingReason(rule.metric, values, unavailable));

  const threshold = boundOf(rule, values, references);
  if (threshold === null) {
    return skipped(referenceReason(rule.of!, rule.metric, values, unavailable, references));
  }
  if (!Number.isFinite(threshold)) return skipped(`the bound of "${expression}" does not fit in float64`);

  const outcome = isBeyond({ operator: rule.operator, value, threshold }) ? 'trips' : 'holds';
  return { outcome, value, threshold };
}

/** The bound in the metric's own unit; null where what it is a share of has no value. */
export function boundOf(
  { metric, factor, of, less = 0, squared }: Condition,
  values: MetricValues,
  references: References,
): number | null {
  if (of === null) return factor;
  const reference = referenceValue(of, metric, values, references);
  return reference === null ? null : factor * reference * (squared ? reference : 1) - less + 0;
}

function referenceValue(of: Reference, metric: MetricId, values: MetricValues, references: References) {
  if (isOfEarlierSteps(of)) return finiteValue(references[of], metric);
  if (of === 'reference') return finiteValue(references.reference ?? {}, metric);
  return finiteValue(values, of);
}

function referenceReason(
  of: Reference,
  metric: MetricId,
  values: MetricValues,
  unavailable: MetricReasons,
  { noReference }: References,
) {
  if (of === 'reference') return noReference ?? `needs ${metric} in the reference`;
  if (of === 'baseline') return `needs ${metric} at the baseline`;
  if (of === 'previous') return `needs ${metric} at the previous judged step`;
  if (isOfEarlierSteps(of)) return `needs ${metric} at a judged step`;
  return missingReason(of, values, unavailable);
}

function missingReason(metric: MetricId, values: MetricValues, unavailable: MetricReasons): string {
  const reason = unavailable[metric];
  if (reason !== undefined) return `needs ${metric}: ${reason}`;
  return typeof values[metric] === 'number' ? `needs ${metric}: it is not finite` : `needs ${metric}`;
}

function skipped(reason: string): RuleOutcome {
  return { outcome: 'skipped', reason };
}
