import { percentageOfFactor } from './percentage.js';
import type { Rule } from './rule.js';

/**
 * A rule as its canonical text: one space between words, numbers at their shortest. `parseRule` reads it back to the
 * same rule, so that equal rules have equal texts; only the `unlessRecovering` of presets has no text it could be read from.
 *
 * @example
 * printRule(parseRule('pred_l2_mean>=50.0 %  of peak for 3'));
 * // 'pred_l2_mean >= 50% of peak for 3'
 */
export function printRule(
  rule: Pick<
    Rule,
    'metric' | 'operator' | 'factor' | 'of' | 'at' | 'forSteps' | 'after' | 'unlessRecovering'
  >,
): string {
  const { metric, operator, factor, of, at, forSteps, after } = rule;
  const bound = of === null ? String(factor) : `${percentageOfFactor(factor)}% of ${of}`;
  const where = at === undefined ? '' : ` at ${typeof at === 'number' ? `horizon ${at}` : at}`;
  const row = forSteps === 1 ? '' : ` for ${forSteps}`;
  const start = after === null ? '' : ` after ${after}`;
  const warmUp = rule.unlessRecovering ? ' unless recovering' : '';
  return `${metric} ${operator} ${bound}${where}${row}${start}${warmUp}`;
}
