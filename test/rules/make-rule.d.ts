import type { Rule } from '../../src/rules/rule.js';
/** A rule with what a test says of it; `pred_var_per_dim < 1` in all else. */
export declare function makeRule(parts?: Partial<Rule>): Rule;
