import { UsageError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import type { JudgePlan, MeasurePlan } from '#plan.js';
import { DIAGNOSIS_METRICS } from '#rules/diagnosis/diagnose.js';
import { activeRules } from '#rules/presets/presets.js';

/**
 * Adds to the metrics asked for those of the rules asked for and, with the preset `jepa`, those of its diagnosis; all in
 * the order that every output shows them.
 */
export function withRuledMetrics(asked: readonly MetricId[], judging: JudgePlan): MetricId[] {
  const needed = new Set<string>(asked);
  for (const rule of activeRules(judging.presets, judging.rules, judging)) {
    if (rule.quiet) continue;
    for (const { metric, of } of [rule, ...(rule.where ?? []), ...(rule.unless?.flat() ?? [])]) {
      needed.add(metric);
      if (of !== null) needed.add(of);
    }
  }
  if (judging.presets.some(({ id, quiet }) => id === 'jepa' && !quiet)) {
    for (const id of DIAGNOSIS_METRICS) needed.add(id);
  }
  return METRIC_IDS.filter((id) => needed.has(id));
}

/** Throws `UsageError` E103 for a rule over horizons where none are measured one by one. */
export function refuseHorizonRules(
  { perStepAxis }: Pick<MeasurePlan, 'perStepAxis'>,
  { rules }: Pick<JudgePlan, 'rules'>,
): void {
  const rule = rules.find(({ at }) => at !== undefined);
  if (rule === undefined || perStepAxis !== undefined) return;
  throw new UsageError(
    'E103',
    `the rule '${rule.expression}' is over horizons, and --per-step-axis is missing`,
    {
      hint: 'name the axis of the horizons: `--per-step-axis 1` with [B, T, D]',
      fields: { rule: rule.expression },
    },
  );
}
