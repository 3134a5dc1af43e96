import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { type HorizonMetrics, horizonMetrics } from '../view/horizon-metrics.js';
import { printable } from '../view/printable.js';
import { stepStatus } from '../view/step-status.js';

/**
 * Writes one line a step with every metric in full precision; an empty cell is a missing value, never 0. RFC 4180 with
 * LF. Where horizons were measured one by one, a column `horizon` follows `step`: empty in a step's own line, and a
 * number in the lines after it, one a horizon. Text that a spreadsheet would take for a formula gets a quote before it,
 * and control characters are shown as escapes.
 */
export const csv: Render = ({ report }) => {
  const steps = report.runs.flatMap((run) => run.steps.map((step) => ({ run: run.run, step })));
  const ids = [...new Set(steps.flatMap(({ step }) => Object.keys(step.metrics) as ReportMetricId[]))];
  const hasHorizons = steps.some(({ step }) => step.horizons !== undefined);
  const head = [
    ...['run', 'step', ...(hasHorizons ? ['horizon'] : []), 'status', 'rows', 'dims'],
    ...[...ids, 'kl_reg_source', 'alerts', 'skipped'],
  ];
  const lines = steps.flatMap(({ run, step }) => [
    lineOf(run, step, ids, hasHorizons),
    ...horizonMetrics(step).map((horizon) => horizonLine(run, step, horizon, ids)),
  ]);
  return [head.join(','), ...lines].map((line) => `${line}\n`).join('');
};

function lineOf(run: string, step: ReportStep, ids: readonly ReportMetricId[], hasHorizons: boolean): string {
  const cells = [
    textCell(run),
    step.step ?? '',
    ...(hasHorizons ? [''] : []),
    stepStatus(step),
    step.rows || '',
    step.dims || '',
    ...ids.map((id) => step.metrics[id] ?? ''),
    step.klRegSource ?? '',
    textCell(step.alerts.map(({ criterion }) => criterion).join(' ')),
    textCell(step.skipped.map(({ criterion }) => criterion).join(' ')),
  ];
  return cells.join(',');
}

function horizonLine(
  run: string,
  { step, dims, alerts }: ReportStep,
  { number, rows, metrics }: HorizonMetrics,
  ids: readonly ReportMetricId[],
): string {
  const own = alerts.filter(({ horizon }) => horizon === number).map(({ criterion }) => criterion);
  const cells = [
    ...[textCell(run), step ?? '', number, '', rows, dims],
    ...ids.map((id) => metrics[id] ?? ''),
    ...['', textCell(own.join(' ')), ''],
  ];
  return cells.join(',');
}

function textCell(text: string): string {
  const safe = printable(text);
  const inert = /^[=+\-@]/.test(safe) ? `'${safe}` : safe;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
