import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { isBeyond } from '#rules/language/comparison.js';
import { bandOf } from './band.js';

/** Finds the metric that a criterion rules on; undefined for a criterion the report does not list. */
export function metricOfCriterion(
  criterion: string,
  { rules }: Pick<Report, 'rules'>,
): ReportMetricId | undefined {
  return rules.find(({ id }) => id === criterion)?.metric;
}

/**
 * Collects every metric that a rule names, that anything at a step was decided about, or that left the band of a reference;
 * of quiet rules, those that alerted.
 */
export function ruledMetrics(
  report: Pick<Report, 'rules'>,
  steps: readonly ReportStep[],
): Set<ReportMetricId> {
  const quiet = quietCriteria(report);
  const ids = new Set<ReportMetricId>();
  for (const { id, metric } of report.rules) {
    if (metric !== undefined && !quiet.has(id)) ids.add(metric);
  }
  for (const step of steps) {
    for (const { metric } of step.alerts) ids.add(metric);
    for (const { metric, criterion } of step.held) if (!quiet.has(criterion)) ids.add(metric);
    for (const id of Object.keys(step.reference?.metrics ?? {}) as ReportMetricId[]) {
      const band = bandOf(step, id, report);
      if (band !== null && isBeyond(band)) ids.add(id);
    }
  }
  return ids;
}

/** Collects the criteria that a step skips because nobody supplied a `kl_reg`, where nobody asked for them either. */
export function unaskedSkips(
  step: Pick<ReportStep, 'skipped' | 'klRegSource'>,
  { rules }: Pick<Report, 'rules'>,
): Set<string> {
  const unasked = rules
    .filter(({ metric, byDefault }) => byDefault && metric === 'kl_reg')
    .map(({ id }) => id);
  return new Set(unasked.filter((id) => isSkippedUnasked(step, id)));
}

function isSkippedUnasked(
  { skipped, klRegSource }: Pick<ReportStep, 'skipped' | 'klRegSource'>,
  id: string,
): boolean {
  return klRegSource !== 'supplied' && skipped.some(({ criterion }) => criterion === id);
}

/** Collects the metrics that are skipped at every judged step, never alert, and that no rule which was asked for is about. */
export function unaskedMetrics(
  { steps }: Pick<ReportRun, 'steps'>,
  report: Pick<Report, 'rules'>,
): Set<string> {
  const judged = steps.filter((step) => step.judged);
  const first = judged[0];
  if (first === undefined) return new Set();
  const always = [...unaskedSkips(first, report)].filter((criterion) =>
    judged.every((step) => isSkippedUnasked(step, criterion)),
  );
  const asked = report.rules
    .filter(({ byDefault, quiet }) => !byDefault && !quiet)
    .map(({ metric }) => metric);
  const alerted = steps.flatMap(({ alerts }) => alerts.map(({ metric }) => metric));
  const metrics = always.map((criterion) => metricOfCriterion(criterion, report) ?? criterion);
  return new Set(metrics.filter((metric) => ![...asked, ...alerted].some((own) => own === metric)));
}

/** Collects the criteria that nobody asked for. */
export function quietCriteria({ rules }: Pick<Report, 'rules'>): Set<string> {
  return new Set(rules.filter(({ quiet }) => quiet).map(({ id }) => id));
}

/** Writes a metric's unit in a few columns; '' for a pure number and for a metric that says nothing about itself. */
export function shortUnit(id: ReportMetricId, catalogue: MetricCatalogue, squared: string): string {
  const unit = catalogue[id]?.unit ?? 'unitless';
  return unit === 'unitless' ? '' : unit.replace('embedding units', 'emb. units').replace('²', squared);
}
