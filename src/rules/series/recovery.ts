import { safeDirection } from '../language/comparison.js';
import type { Rule } from '../language/rule.js';
import { boundOf } from './evaluate-rule.js';
import { finiteValue, type MetricValues, type References } from './values.js';

/** Smaller movements are the noise of a batch. */
const RECOVERY = 0.05;

/** What surpasses its peak by more is no noise, and is still on its way from where an untrained network is. */
const GROWTH = 0.2;

/** Around nothing, what has the rule's own bound must rise by this share of it: the cosine of unrelated rows is noise. */
const GROWTH_OF_BOUND = 0.1;

/** What would take more steps at its pace to be back at its bound is noise, or as good as dead. */
const PACE = 40;

/** A value below this share of its bound is not on its way back, whatever it does from one step to the next. */
const HOPELESS = 1e-4;

/** Tells whether a value has risen by more than the noise of a batch. */
export function hasRisen(from: number, to: number): boolean {
  return to - from > RECOVERY * Math.abs(from);
}

/**
 * Tells whether what trips a rule is on its way back, where the rule waits for that: its value moves to the safe side at a
 * pace that leads there, or the metric of `unlessRises` is higher than ever.
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
    if (now !== null && peak !== null && now - peak > Math.max(GROWTH * Math.abs(peak), leastRise(rule)))
      return true;
  }
  const from = finiteValue(references.previous, metric);
  if (!unlessRecovering || value === null || from === null) return false;
  if ((safeDirection(operator) * (value - from)) / Math.abs(from) <= RECOVERY) return false;
  if (operator !== '<' || limit === null || limit <= 0 || from <= 0) return true;
  return Math.log(limit / value) <= PACE * Math.log(value / from);
}

/** Returns by how much the metric of `unlessRises` must rise at least; 0 where the rule has no bound of it. */
function leastRise({ where, unlessRises }: Rule): number {
  const own = where?.find(({ metric, of }) => metric === unlessRises && of === null);
  return own === undefined ? 0 : GROWTH_OF_BOUND * Math.abs(own.factor);
}
