import type { MetricId } from '#metrics/ids.js';
import { safeDirection } from '../language/comparison.js';
import type { Rule } from '../language/rule.js';
import { boundOf } from './evaluate-rule.js';
import { finiteValue, type MetricValues, type References } from './values.js';

/** Smaller movements are the noise of a batch. */
const RECOVERY = 0.05;

/** What surpasses its peak by more is no noise, and is still on its way from where an untrained network is. */
const GROWTH = 0.2;

/** The spread of directions is steadier: once the rows' common mean is gone it stays what it is. */
const GROWTH_OF_SPREAD = 0.025;

/** A cosine must rise by this much: around nothing, that of unrelated rows is noise. */
const LEAST_RISE_OF_COSINE = 0.02;

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
  if (unlessRises?.some((id) => isRising(id, values, references))) return true;
  const from = finiteValue(references.earlier, metric);
  if (!unlessRecovering || value === null || from === null) return false;
  if ((safeDirection(operator) * (value - from)) / Math.abs(from) <= RECOVERY) return false;
  if (operator !== '<' || limit === null || limit <= 0 || from <= 0) return true;
  return Math.log(limit / value) <= PACE * Math.log(value / from);
}

/** Tells whether a metric surpasses its peak by more than what happens by itself. */
function isRising(id: MetricId, values: MetricValues, { earlierPeak }: References): boolean {
  const now = finiteValue(values, id);
  const peak = finiteValue(earlierPeak, id);
  if (now === null || peak === null) return false;
  const growth = id.endsWith('_std_l2_normalized') ? GROWTH_OF_SPREAD : GROWTH;
  const least = id.includes('_cos_') ? LEAST_RISE_OF_COSINE : 0;
  return now - peak > Math.max(growth * Math.abs(peak), least);
}
