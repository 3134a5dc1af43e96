import type { MetricId } from '#metrics/ids.js';
import { safeDirection } from '../language/comparison.js';
import type { Rule } from '../language/rule.js';
import { boundOf } from './evaluate-rule.js';
import { finiteValue, type MetricValues, type References } from './values.js';

/** Smaller movements are the noise of a batch. */
const RECOVERY = 0.05;

/** A second condition moves by this share of its own bound: a cosine about 0 has no share of itself. */
const RECOVERY_OF_BOUND = 0.25;

/** A value below this share of its bound is not on its way back, whatever it does from one step to the next. */
const HOPELESS = 1e-4;

/** Tells whether a value has risen by more than the noise of a batch. */
export function hasRisen(from: number, to: number): boolean {
  return to - from > RECOVERY * Math.abs(from);
}

/** Tells whether what trips a rule is on its way back: its value moves to the safe side, or that of its second condition. */
export function isRecovering(rule: Rule, values: MetricValues, references: References): boolean {
  const { metric, operator, where } = rule;
  const limit = boundOf(rule, values, references);
  const value = finiteValue(values, metric);
  // Around nothing, noise rises as often as it falls.
  if (operator === '<' && limit !== null && value !== null && value < limit * HOPELESS) return false;
  const change = changeOf(metric, values, references);
  if (change !== null && safeDirection(operator) * (change.by / Math.abs(change.from)) > RECOVERY)
    return true;
  if (where === undefined) return false;
  const also = changeOf(where.metric, values, references);
  const bound = boundOf(where, values, references);
  if (also === null || bound === null) return false;
  return safeDirection(where.operator) * also.by > RECOVERY_OF_BOUND * Math.abs(bound);
}

function changeOf(
  metric: MetricId,
  values: MetricValues,
  { previous }: References,
): { from: number; by: number } | null {
  const now = finiteValue(values, metric);
  const from = finiteValue(previous, metric);
  return now === null || from === null ? null : { from, by: now - from };
}
