import { METRIC_IDS, type MetricId } from '../metrics/ids.js';
import { rulesOf } from './gate.js';
import type { GateOptions } from './gate-options.js';

/** The metrics asked for and those that rules somebody asked for look at, in the order every output shows them. */
export function withRuledMetrics(asked: readonly MetricId[], options: GateOptions): MetricId[] {
  const needed = new Set<string>(asked);
  for (const rule of rulesOf(options)) {
    if (rule.quiet) continue;
    for (const { metric, of } of [rule, ...(rule.where === undefined ? [] : [rule.where])]) {
      needed.add(metric);
      if (of !== null) needed.add(of);
    }
  }
  return METRIC_IDS.filter((id) => needed.has(id));
}
