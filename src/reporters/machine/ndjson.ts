import type { StepRecord } from '#report/record.js';
import type { Report, ReportStep } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { recordLine } from './record-line.js';

/**
 * Writes the records that `gate` reads, the summary last, those of steps with what the rules said, for trackers; `gate`
 * judges anew. Warnings are for people and stay out.
 */
export const ndjson: Render = ({ report, records }) => {
  const judged = stepsOf(report);
  return records
    .map((record) => {
      const step = record.type === 'step' ? judged.get(record.run)?.get(record.step) : undefined;
      return recordLine(
        step === undefined ? record : ({ ...record, verdict: verdictOf(step) } as StepRecord),
      );
    })
    .join('');
};

function stepsOf({ runs }: Report): Map<string, Map<number | null, ReportStep>> {
  return new Map(runs.map(({ run, steps }) => [run, new Map(steps.map((step) => [step.step, step]))]));
}

function verdictOf({ judged, diagnosis, alerts }: ReportStep): StepRecord['verdict'] {
  return { judged, alerts, ...(diagnosis === undefined ? {} : { diagnosis }) };
}
