import type { MetricId } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import type { ReportStep } from '#report/types.js';
import type { Rule } from '#rules/language/rule.js';

/** The centred cosine of a predictor that has learnt: below it the rules of dead ones hold. */
const LEARNT = 0.3;
/** How many of the newest judged steps have to show it: as many as those rules wait for. */
const LASTING = 3;

/**
 * Turns alerts of a predictor that had not learnt yet into warnings: its centred cosine (of its horizon) had never been that of
 * a predictor that has, and is at the newest judged steps. Until then nothing tells it from a dead one. A predictor that
 * had learnt before is not excused, nor is one that gave a constant.
 *
 * @param steps One of each record, in the same order; their alerts are replaced.
 */
export function excuseWarmUps(
  steps: readonly ReportStep[],
  records: readonly StepRecord[],
  rules: readonly Rule[],
): void {
  const ofPredictors = new Map(
    rules
      .filter(({ kind, unlessRecovering }) => kind === 'predictor collapse' && unlessRecovering === true)
      .map(({ id, metric }) => [id, metric]),
  );
  const ruled = ({ alerts }: ReportStep) => alerts.some(({ criterion }) => ofPredictors.has(criterion));
  if (!steps.some(ruled)) return;
  const newest = records.filter((_, i) => steps[i]!.judged).slice(-LASTING);
  if (newest.length < LASTING) return;
  const firsts = new Map<string, number>();
  // -1 where the newest steps do not show it.
  const learntFrom = (metric: MetricId, horizon: number | undefined) => {
    const hasLearnt = (record: StepRecord) => cosineOf(record, metric, horizon) >= LEARNT;
    const key = `${metric} ${horizon}`;
    const first = firsts.get(key) ?? (newest.every(hasLearnt) ? records.findIndex(hasLearnt) : -1);
    firsts.set(key, first);
    return first;
  };
  steps.forEach((shown, i) => {
    if (!ruled(shown)) return;
    const alerts = shown.alerts.map((alert) => {
      const metric = ofPredictors.get(alert.criterion);
      if (metric === undefined || alert.level !== 'error' || learntFrom(metric, alert.horizon) <= i)
        return alert;
      return { ...alert, level: 'warn' as const, message: `${alert.message}; it has learnt since` };
    });
    Object.assign(shown, { alerts });
  });
}

/** NaN where the step has none. */
function cosineOf({ metrics, horizons }: StepRecord, metric: MetricId, horizon: number | undefined): number {
  const id =
    metric === 'pred_target_sample_var_ratio' ? 'pred_cos_position_centered_mean' : 'pred_cos_centered_mean';
  const value =
    horizon === undefined ? metrics[id] : horizons?.metrics[id]?.[horizons.numbers.indexOf(horizon)];
  return value ?? Number.NaN;
}
