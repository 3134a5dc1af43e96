import type { ReportRun } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { jsonText } from './json-text.js';

/**
 * Writes a flat document of numbers, run → metric → value of the newest judged step, which `dvc metrics diff` compares. A
 * metric without a value has no entry: it is neither 0 nor null. A run without a judged step is empty.
 */
export const metrics: Render = ({ report }) =>
  `${jsonText(Object.fromEntries(report.runs.map((run) => [run.run, valuesOf(run)])))}\n`;

function valuesOf({ steps }: ReportRun): Record<string, number> {
  const newest = steps.findLast(({ judged }) => judged);
  if (newest === undefined) return {};
  const { step, alerts, metrics } = newest;
  const values = Object.entries(metrics).flatMap(([id, value]) =>
    value === null ? [] : [[id, value] as const],
  );
  return { ...(step === null ? {} : { step }), alerts: alerts.length, ...Object.fromEntries(values) };
}
