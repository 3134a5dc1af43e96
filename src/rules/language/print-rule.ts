import { percentageOfFactor } from './percentage.js';
import type { Condition, Rule } from './rule.js';

/**
 * Writes a rule as its canonical text: one space between words, numbers at their shortest. `parseRule` reads it back to
 * the same rule, so that equal rules have equal texts; only the `unlessRecovering`, `unlessRises` and `where` of presets have no text
 * they could be read from.
 *
 * @example
 * printRule(parseRule('pred_l2_mean>=50.0 %  of peak for 3'));
 * // 'pred_l2_mean >= 50% of peak for 3'
 */
export function printRule(
  rule: Condition &
    Pick<Rule, 'at' | 'forSteps' | 'after' | 'unlessRecovering' | 'unlessRises' | 'where' | 'unless'>,
): string {
  const { at, forSteps, after, unlessRises, where, unless } = rule;
  const place = at === undefined ? '' : ` at ${typeof at === 'number' ? `horizon ${at}` : at}`;
  const row = forSteps === 1 ? '' : ` for ${forSteps}`;
  const start = after === null ? '' : ` after ${after}`;
  const waits = [
    ...(rule.unlessRecovering ? ['recovering'] : []),
    ...(unlessRises ?? []).map((metric) => `${metric} rises`),
  ];
  const warmUp = waits.length === 0 ? '' : ` unless ${waits.join(' or ')}`;
  const also = where === undefined ? '' : ` where ${where.map(printCondition).join(' and ')}`;
  const not =
    unless?.map((excuse) => ` and not (${excuse.map(printCondition).join(' and ')})`).join('') ?? '';
  return `${printCondition(rule)}${place}${row}${start}${warmUp}${also}${not}`;
}

function printCondition({ metric, operator, factor, of, less, squared }: Condition): string {
  const bound = of === null ? factor : `${percentageOfFactor(factor)}% of ${of}${squared ? '²' : ''}`;
  return `${metric} ${operator} ${bound}${less === undefined ? '' : ` - ${less}`}`;
}
