import type { ReportAlert, ReportRun } from '#report/types.js';
import { stepName } from './step-text.js';

/** A criterion that failed in a run: where first and last, and how often. */
export interface AlertSpan {
  readonly run: string;
  readonly criterion: string;
  readonly level: ReportAlert['level'];
  readonly first: number | null;
  readonly last: number | null;
  readonly steps: number;
  readonly judged: number;
  /** Of the last step that failed. */
  readonly alert: ReportAlert;
  /** The prediction's file at that step. */
  readonly path: string | undefined;
  /** True where the newest judged step failed. */
  readonly stillFailing: boolean;
  /** The judged step after the last that failed; null where there is none, or where it has no number. */
  readonly recovered: number | null;
}

/** Collects one span a criterion, in the order of the first failure. */
export function alertSpans(run: ReportRun): AlertSpan[] {
  const judged = run.steps.filter((step) => step.judged);
  const latest = judged.at(-1);
  const spans = new Map<string, AlertSpan>();
  for (const [i, step] of judged.entries()) {
    for (const alert of step.alerts) {
      const known = spans.get(alert.criterion);
      spans.set(alert.criterion, {
        run: run.run,
        criterion: alert.criterion,
        level: known?.level === 'error' ? 'error' : alert.level,
        first: known === undefined ? step.step : known.first,
        last: step.step,
        steps: (known?.steps ?? 0) + 1,
        judged: judged.length,
        alert,
        path: step.inputs.prediction?.path,
        stillFailing: step === latest,
        recovered: judged[i + 1]?.step ?? null,
      });
    }
  }
  return [...spans.values()];
}

/** Writes where it failed: 'at step 500', 'at 9 of 10 judged steps, 1000–5000', or '' for a step without a number. */
export function spanText({ first, last, steps, judged }: AlertSpan, dash: string): string {
  if (first === null || last === null) return '';
  if (first === last) return `at ${stepName(first)}`;
  return `at ${steps} of ${judged} judged steps, ${first}${dash}${last}`;
}

/** Says where a criterion failed and with what: 'failed at 9 of 10 judged steps, 1000-5000, last at step 5000: …'. */
export function spanMessage(span: AlertSpan): string {
  const where = spanText(span, '-');
  const word = span.level === 'error' ? 'failed' : 'warned';
  const recovered = span.recovered === null ? '' : `, recovered at ${stepName(span.recovered)}`;
  const last = span.first === span.last ? '' : `, last at ${stepName(span.last)}`;
  return `${word}${where === '' ? '' : ` ${where}`}${recovered}${last}: ${span.alert.message}`;
}

/** Sorts spans: error before warn, still failing before recovered, more steps before fewer. */
export function worstSpansFirst(spans: readonly AlertSpan[]): AlertSpan[] {
  const gravity = ({ level, stillFailing }: AlertSpan) =>
    (level === 'error' ? 0 : 2) + (stillFailing ? 0 : 1);
  return [...spans].sort((a, b) => gravity(a) - gravity(b) || b.steps - a.steps);
}
