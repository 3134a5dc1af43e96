import type { ReportMetricId } from '../report/metric-facts.js';
import type { ReportStep } from '../report/types.js';
import type { Render } from './define-reporter.js';
import { printable } from './printable.js';
import { stepStatus } from './step-status.js';

/**
 * One line a step with every metric in full precision; an empty cell is a missing value, never 0. RFC 4180 with LF.
 * Text that a spreadsheet would take for a formula gets a quote before it, and control characters are shown as escapes.
 */
export const csv: Render = ({ report }) => {
  const steps = report.runs.flatMap((run) => run.steps.map((step) => ({ run: run.run, step })));
  const ids = [...new Set(steps.flatMap(({ step }) => Object.keys(step.metrics) as ReportMetricId[]))];
  const head = ['run', 'step', 'status', 'rows', 'dims', ...ids, 'kl_reg_source', 'alerts', 'skipped'];
  const lines = steps.map(({ run, step }) => lineOf(run, step, ids));
  return [head.join(','), ...lines].map((line) => `${line}\n`).join('');
};

function lineOf(run: string, step: ReportStep, ids: readonly ReportMetricId[]): string {
  const cells = [
    textCell(run),
    step.step ?? '',
    stepStatus(step),
    step.rows,
    step.dims,
    ...ids.map((id) => step.metrics[id] ?? ''),
    step.klRegSource ?? '',
    textCell(step.alerts.map(({ criterion }) => criterion).join(' ')),
    textCell(step.skipped.map(({ criterion }) => criterion).join(' ')),
  ];
  return cells.join(',');
}

function textCell(text: string): string {
  const safe = printable(text);
  const inert = /^[=+\-@]/.test(safe) ? `'${safe}` : safe;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
