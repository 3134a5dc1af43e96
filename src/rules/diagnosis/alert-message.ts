import { percentText, shortNumber } from '../language/number-text.js';
import type { RuleAlert } from '../language/rule.js';

/** No two float64 numbers share their first 17 significant digits. */
const MAX_DIGITS = 17;
/** Of the metrics that are outside a reference together. */
const MOST_NAMED = 3;

/**
 * Writes an alert for people: the value, the operator, the bound, and what the bound is a share of. Numbers have four
 * significant digits, more where four would show two different numbers alike.
 *
 * @example
 * alertMessage({ rule: rfc0005Rules()[0], value: 0.0102, threshold: 0.2013 });
 * // 'pred_var_per_dim 0.0102 < 0.2013 (50% of target_var_per_dim)'
 */
export function alertMessage({ rule, value, threshold, horizon, beside = [] }: RuleAlert): string {
  let digits = 4;
  while (
    digits < MAX_DIGITS &&
    value !== threshold &&
    shortNumber(value, digits) === shortNumber(threshold, digits)
  ) {
    digits++;
  }
  const bound = `${rule.metric} ${shortNumber(value, digits)} ${rule.operator} ${shortNumber(threshold, digits)}`;
  const share =
    rule.of === null
      ? ''
      : ` (${rule.isOutside ? outsideText(beside) : `${percentText(rule.factor)} of ${rule.of}`})`;
  const row = rule.forSteps > 1 ? ` for ${rule.forSteps} steps or more` : '';
  const where = horizon === undefined ? '' : ` at horizon ${horizon}`;
  return bound + share + where + row;
}

function outsideText(beside: readonly string[]): string {
  const more = beside.length > MOST_NAMED ? ` and ${beside.length - MOST_NAMED} more` : '';
  const named = beside.slice(0, MOST_NAMED).join(', ');
  return `outside reference${named === '' ? '' : ` with ${named}${more}`}`;
}
