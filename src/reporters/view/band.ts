import type { ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportHeld, ReportStep } from '#report/types.js';

/** Makes a finding of the band of a reference that judges the metric at a step: null where nothing alerts by it. */
export function bandOf(
  step: Pick<ReportStep, 'reference' | 'metrics'>,
  id: ReportMetricId,
  { rules }: Pick<Report, 'rules'>,
): ReportHeld | null {
  const rule = rules.find(({ preset, expression }) => preset === 'reference' || /^outside /.test(expression));
  const { reference, bound = null } = step.reference?.metrics[id] ?? {};
  const value = step.metrics[id] ?? null;
  if (rule === undefined || reference === undefined || bound === null || value === null) return null;
  const operator = bound <= reference ? '<' : '>';
  return { criterion: rule.id, metric: id, operator, value, threshold: bound, level: rule.level };
}
