import type { MetricId } from '#metrics/ids.js';
import type { Operator, OutsideRule, Rule } from '#rules/language/rule.js';

/** The rule as one of the metric that decides it; of any metric where none does. */
export function asRule(
  rule: OutsideRule,
  metric: MetricId = 'target_var_per_dim',
  operator: Operator = '<',
): Rule {
  const { outside: _, ...rest } = rule;
  return { ...rest, metric, operator, factor: 1, of: 'reference', isOutside: true };
}
