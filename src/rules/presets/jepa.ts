import { printRule } from '../language/print-rule.js';
import type { Level, Rule } from '../language/rule.js';
import { RULES_OF_ENCODERS } from './jepa-of-encoders.js';
import { RULES_OF_PREDICTORS } from './jepa-of-predictors.js';

const TABLE = [...RULES_OF_ENCODERS, ...RULES_OF_PREDICTORS];

/**
 * Makes the preset `jepa`: relative to the peak, to the previous step or to another metric, corrected for batch size,
 * with patience, and with a warm-up that the rules find themselves. `jepa-whys.ts` justifies each
 * rule.
 */
export function jepaRules(level: Level = 'error'): Rule[] {
  return TABLE.map(({ onlyWarns, ...parts }) => {
    const rule = {
      operator: '<' as const,
      of: null,
      ...parts,
      after: null,
      level: onlyWarns ? ('warn' as const) : level,
    };
    return { ...rule, expression: printRule(rule) };
  });
}
