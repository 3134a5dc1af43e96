import type { MetricId } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import type { ReportStep } from '#report/types.js';
import type { Rule } from '#rules/language/rule.js';

/** The centred cosine of a predictor that has learnt: below it the rules of dead ones hold. */
const LEARNT = 0.3;
/** No chance: enough for one that has been alive for as long as it had not. */
const BEYOND_CHANCE = 0.1;
/** And where a loss leaves the scale free: no rule is silent because of that alone. */
const BEYOND_THE_RULES = 0.2;
/** How many of the newest judged steps have to show it: as many as those rules wait for. */
const LASTING = 3;

/**
 * Turns alerts of a predictor that had not learnt yet into warnings: its centred cosine (of its horizon) had never been that of
 * a predictor that has, and is at the newest judged steps; or no such rule has alerted for as long as the run had lasted until
 * then, in steps and not in saved ones, and the cosine is no chance. Until then nothing tells it from a dead one. A predictor that
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
  const last = steps.findLastIndex(ruled);
  if (last < 0) return;
  const newest = records.filter((_, i) => steps[i]!.judged).slice(-LASTING);
  if (newest.length < LASTING) return;
  const elapsed = (i: number) => (records[i]!.step ?? i) - (records[0]!.step ?? 0);
  const hasOutlived =
    !newest.includes(records[last]!) && elapsed(records.indexOf(newest.at(-1)!)) >= 2 * elapsed(last);
  const firsts = new Map<string, number>();
  // The end of the records where it only has outlived; -1 where the newest steps do not show either.
  const learntFrom = (metric: MetricId, horizon: number | undefined) => {
    const key = `${metric} ${horizon}`;
    const known = firsts.get(key);
    if (known !== undefined) return known;
    const cosine = (record: StepRecord) => shownBy(record, cosineOf(metric), horizon);
    const isAlive = (record: StepRecord) => {
      const isBeside = !(shownBy(record, 'pred_r2', horizon) > -1);
      return cosine(record) >= (!hasOutlived ? LEARNT : isBeside ? BEYOND_THE_RULES : BEYOND_CHANCE);
    };
    const learnt = records.findIndex((record) => cosine(record) >= LEARNT);
    const first = !newest.every(isAlive) ? -1 : learnt < 0 ? records.length : learnt;
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

function cosineOf(metric: MetricId): MetricId {
  return metric === 'pred_target_sample_var_ratio'
    ? 'pred_cos_position_centered_mean'
    : 'pred_cos_centered_mean';
}

/** NaN where the step has none. */
function shownBy({ metrics, horizons }: StepRecord, id: MetricId, horizon: number | undefined): number {
  const value =
    horizon === undefined ? metrics[id] : horizons?.metrics[id]?.[horizons.numbers.indexOf(horizon)];
  return value ?? Number.NaN;
}
