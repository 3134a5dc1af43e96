import type { JudgePlan } from '#plan.js';
import type { Rule } from '#rules/language/rule.js';
import { activeRules } from '#rules/presets/presets.js';

/** Lists what a verdict is made of, in order. */
export function rulesOf(options: JudgePlan): Rule[] {
  return withoutIgnored(activeRules(options.presets, options.rules, options), options);
}

/** Leaves out the rules that `--ignore` names. */
export function withoutIgnored(rules: readonly Rule[], { ignored }: Pick<JudgePlan, 'ignored'>): Rule[] {
  return rules.filter(({ id }) => !ignored.includes(id));
}
