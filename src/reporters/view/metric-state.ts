import type { ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportHeld, ReportRun, ReportStep } from '#report/types.js';
import { isBeyond, marginOf } from '#rules/language/comparison.js';
import { bandOf } from './band.js';
import { metricOfCriterion, quietCriteria } from './criterion-metric.js';

/**
 * 'no alert': beyond its limit, but the rule waits for more steps or asks for a second condition. 'outside': beyond the band
 * of the reference, whose rule alerts once for all metrics.
 */
export type MetricWord =
  | 'FAIL'
  | 'WARN'
  | 'ok'
  | 'no alert'
  | 'outside'
  | 'skipped'
  | 'unavailable'
  | 'not judged'
  | '';

/** One metric at the step a table is about. */
export interface MetricState {
  readonly id: ReportMetricId;
  readonly word: MetricWord;
  /** What it was compared with: the finding that alerts, or else the first that was decided. */
  readonly finding: ReportHeld | undefined;
  /** What the reference has at the step; null without one. */
  readonly reference: number | null;
  /** The first step it failed at, where that was not this one. */
  readonly firstFailure: number | null;
}

/**
 * Lists the metrics of a step, worst first; those without a rule keep their order behind. A quiet rule that does not
 * alert is shown where its metric has alerted before, or with `all`.
 */
export function metricStates(
  ids: readonly ReportMetricId[],
  step: ReportStep,
  run: ReportRun,
  report: Pick<Report, 'rules'>,
  all: boolean,
): MetricState[] {
  const quiet = all ? new Set<string>() : quietCriteria(report);
  const states = ids.map((id): MetricState => {
    const first = run.steps.find(({ alerts }) => alerts.some(({ metric }) => metric === id));
    const decided = step.held.filter(
      ({ metric, criterion }) => metric === id && (first !== undefined || !quiet.has(criterion)),
    );
    const band = bandOf(step, id, report);
    const isOutside = band !== null && isBeyond(band);
    const held = isOutside ? [band, ...decided] : [...decided, ...(band === null ? [] : [band])];
    const word = wordOf(step, held, id, report);
    return {
      id,
      word: word === 'no alert' && isOutside ? 'outside' : word,
      finding: findingOf(step, held, id),
      reference: step.reference?.metrics[id]?.reference ?? null,
      firstFailure: first === undefined || run.steps.length === 1 ? null : first.step,
    };
  });
  return states.sort((a, b) => gravity(a) - gravity(b) || margin(a) - margin(b));
}

function wordOf(
  step: ReportStep,
  held: readonly ReportHeld[],
  id: ReportMetricId,
  report: Pick<Report, 'rules'>,
): MetricWord {
  const own = step.alerts.filter(({ metric }) => metric === id);
  if (own.some(({ level }) => level === 'error')) return 'FAIL';
  if (own.length > 0) return 'WARN';
  if (held.length > 0) return isBeyond(held[0]!) ? 'no alert' : 'ok';
  if (step.skipped.some(({ criterion }) => (metricOfCriterion(criterion, report) ?? criterion) === id))
    return 'skipped';
  if (step.metrics[id] == null) return 'unavailable';
  return step.judged ? '' : 'not judged';
}

function findingOf(
  { alerts }: ReportStep,
  held: readonly ReportHeld[],
  id: ReportMetricId,
): ReportHeld | undefined {
  const own = alerts.filter(({ metric }) => metric === id);
  return own.find(({ level }) => level === 'error') ?? own[0] ?? held[0];
}

function gravity({ word, firstFailure }: MetricState): number {
  if (word === 'FAIL') return 0;
  if (word === 'WARN') return 1;
  if (word === 'outside') return 2;
  if (word === 'ok' || word === 'no alert') return firstFailure === null ? 3 : 2;
  return word === 'skipped' ? 4 : 5;
}

function margin({ finding }: MetricState): number {
  return finding === undefined ? 0 : marginOf(finding);
}
