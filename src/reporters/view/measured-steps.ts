import type { Report } from '#report/types.js';
import type { ReportDocument } from './define-reporter.js';

/** Leaves out the steps that a state remembers: a thousand of them are megabytes, and their verdicts were printed. */
export function withMeasuredSteps({ report, records }: Pick<ReportDocument, 'report' | 'records'>): Report {
  const measured = new Map<string, Set<number | null>>();
  for (const record of records) {
    if (record.type !== 'step') continue;
    const steps = measured.get(record.run);
    if (steps === undefined) measured.set(record.run, new Set([record.step]));
    else steps.add(record.step);
  }
  const runs = report.runs.map((run) => ({
    ...run,
    steps: run.steps.filter(({ step }) => measured.get(run.run)?.has(step)),
  }));
  return { ...report, runs };
}
