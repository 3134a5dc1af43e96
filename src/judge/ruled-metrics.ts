import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { DIAGNOSIS_METRICS } from '#rules/diagnosis/diagnose.js';
import { rulesOf } from './gate.js';
import type { GateOptions } from './gate-options.js';

/**
 * The metrics asked for, those that rules somebody asked for look at, and with the preset `jepa` those that its
 * diagnosis rests on, in the order every output shows them.
 */
export function withRuledMetrics(asked: readonly MetricId[], options: GateOptions): MetricId[] {
  const needed = new Set<string>(asked);
  for (const rule of rulesOf(options)) {
    if (rule.quiet) continue;
    for (const { metric, of } of [rule, ...(rule.where === undefined ? [] : [rule.where])]) {
      needed.add(metric);
      if (of !== null) needed.add(of);
    }
  }
  if (options.presets.some(({ id, quiet }) => id === 'jepa' && !quiet)) {
    for (const id of DIAGNOSIS_METRICS) needed.add(id);
  }
  return METRIC_IDS.filter((id) => needed.has(id));
}
