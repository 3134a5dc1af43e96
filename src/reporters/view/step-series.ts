import type { ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun } from '#report/types.js';

/** Lists the numbered steps of a run of which an input could not be used. */
export function unreadSteps({ run, steps }: ReportRun, { errors }: Pick<Report, 'errors'>): number[] {
  const read = new Set(steps.map(({ step }) => step));
  const unread = errors.flatMap(({ run: of, step }) =>
    of === run && step != null && !read.has(step) ? [step] : [],
  );
  return [...new Set(unread)];
}

/** Lists a metric over the steps of a run, and null at those that are `unread`. */
export function stepSeries(
  { steps }: ReportRun,
  unread: readonly number[],
  id: ReportMetricId,
): (number | null)[] {
  if (unread.length === 0) return steps.map(({ metrics }) => metrics[id] ?? null);
  const there = steps.map(({ step, metrics }) => ({ step, value: metrics[id] ?? null }));
  const missing = unread.map((step) => ({ step, value: null }));
  return [...there, ...missing].sort((a, b) => (a.step ?? 0) - (b.step ?? 0)).map(({ value }) => value);
}
