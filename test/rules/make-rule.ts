import type { Rule } from '#rules/language/rule.js';

/** A rule with what a test says of it; `pred_var_per_dim < 1` in all else. */
export function makeRule(parts: Partial<Rule> = {}): Rule {
  return {
    id: 'rule',
    metric: 'pred_var_per_dim',
    operator: '<',
    factor: 1,
    of: null,
    forSteps: 1,
    after: null,
    level: 'error',
    expression: 'pred_var_per_dim < 1',
    ...parts,
  };
}
