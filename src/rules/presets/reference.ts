import { OUTSIDE_STEPS, outsideRule } from '../language/parse-rule.js';
import type { OutsideRule } from '../language/rule.js';

/** The preset that `--reference` adds: one rule, of what healthy runs of the recipe did. */
export const REFERENCE_PRESET = 'reference';

export const REFERENCE_RULE: OutsideRule = {
  ...outsideRule({ forSteps: OUTSIDE_STEPS, after: null, level: 'error' }),
  id: 'reference.outside',
  preset: REFERENCE_PRESET,
};
