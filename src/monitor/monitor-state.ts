import { InputError } from '#errors.js';
import { type Rfc0005Thresholds, rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { RuleSeries } from '#rules/series/series.js';
import type { RuleSeriesState } from '#rules/series/series-state.js';
import { CollapseThresholds, type CollapseThresholdsOptions } from './thresholds.js';

/** All that a `CollapseMonitor` is, as plain JSON. */
export interface CollapseMonitorState {
  readonly version: 1;
  readonly logEverySteps: number;
  readonly thresholds: Rfc0005Thresholds;
  readonly series: RuleSeriesState;
}

/**
 * The parts of a monitor, from its state.
 *
 * @throws InputError E224 when it is not what `CollapseMonitor.toJSON` gave, naming the field.
 */
export function parseMonitorState(state: unknown): {
  logEverySteps: number;
  thresholds: CollapseThresholds;
  series: RuleSeries;
} {
  if (typeof state !== 'object' || state === null) invalid('it is not an object');
  const { version, logEverySteps, thresholds, series } = state as Record<string, unknown>;
  if (version !== 1) invalid(`version must be 1, not ${String(version)}`);
  if (typeof thresholds !== 'object' || thresholds === null) invalid('thresholds must be an object');
  const bounds = new CollapseThresholds(thresholds as CollapseThresholdsOptions);
  const rules = RuleSeries.fromJSON(rfc0005Rules(bounds), series);
  if ((series as RuleSeriesState).baseline !== null && rules.baselineOf('pairwise_pred_dist_mean') === null) {
    invalid('series.baseline has no pairwise_pred_dist_mean');
  }
  return {
    logEverySteps: checkLogEverySteps(logEverySteps as number),
    thresholds: bounds,
    series: rules,
  };
}

/** @throws InputError E224 unless it is an integer > 0. */
export function checkLogEverySteps(logEverySteps: number): number {
  if (!Number.isSafeInteger(logEverySteps) || logEverySteps < 1) {
    throw new InputError('E224', `logEverySteps must be an integer > 0, not ${String(logEverySteps)}`, {
      fields: { logEverySteps },
    });
  }
  return logEverySteps;
}

function invalid(what: string): never {
  throw new InputError('E224', `the monitor's state is not valid: ${what}`, {
    hint: 'pass what toJSON() gave, unchanged',
  });
}
