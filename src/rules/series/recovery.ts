import { safeDirection } from '../language/comparison.js';
import type { Rule } from '../language/rule.js';
import { boundOf } from './evaluate-rule.js';
import { finiteValue, type MetricValues, type References } from './values.js';

/** Smaller movements are the noise of a batch. */
const RECOVERY = 0.05;

/** What surpasses its peak by more is no noise, and is still on its way from where an untrained network is. */
const GROWTH = 0.2;

/** A value below this share of its bound is not on its way back, whatever it does from one step to the next. */
const HOPELESS = 1e-4;

/** Tells whether a value has risen by more than the noise of a batch. */
export function hasRisen(from: number, to: number): boolean {
  return to - from > RECOVERY * Math.abs(from);
}

/**
 * Tells whether what trips a rule is on its way back, where the rule waits for that: its value moves to the safe side, or
 * the metric of `unlessRises` is higher than ever.
 */
export function isRecovering(rule: Rule, values: MetricValues, references: References): boolean {
  const { metric, operator, unlessRecovering, unlessRises } = rule;
  const value = finiteValue(values, metric);
  const limit = boundOf(rule, values, references);
  // Around nothing, noise rises as often as it falls.
  if (operator === '<' && limit !== null && value !== null && value < limit * HOPELESS) return false;
  if (unlessRises !== undefined) {
    const now = finiteValue(values, unlessRises);
    const peak = finiteValue(references.surpassed, unlessRises);
    if (now !== null && peak !== null && now - peak > GROWTH * Math.abs(peak)) return true;
  }
  const from = finiteValue(references.previous, metric);
  if (!unlessRecovering || value === null || from === null) return false;
  return (safeDirection(operator) * (value - from)) / Math.abs(from) > RECOVERY;
}
