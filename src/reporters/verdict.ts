import type { Report, ReportRun } from '../report/types.js';
import { alertSpans, spanText } from './alert-spans.js';
import type { Ink } from './layout.js';
import { counted, worstFirst } from './step-text.js';

const WORDS = { ok: 'ok', warning: 'WARN', alert: 'ALERT', error: 'ERROR', 'no-data': 'NO DATA' } as const;

/** One line a run, worst first, and where there is not exactly one run a line for all of them; the last line is the verdict. */
export function verdictLines(report: Report, ink: Ink): string[] {
  const code = `(exit ${report.exitCode})`;
  const [only] = report.runs;
  if (report.runs.length === 1 && only !== undefined && only.status === report.status) {
    return [`${paint(report.status, ink)} ${ink.text(only.run)}: ${sentenceOf(only, report, ink)} ${code}`];
  }
  return [
    ...worstFirst(report.runs).map(
      (run) => `${paint(run.status, ink)} ${ink.text(run.run)}: ${sentenceOf(run, report, ink)}`,
    ),
    `${paint(report.status, ink)} ${overall(report)}: ${ink.text(report.exitReason)} ${code}`,
  ];
}

/** A status in a word, coloured. */
function paint(status: Report['status'], { chalk }: Ink): string {
  const color = {
    ok: chalk.green,
    warning: chalk.yellow,
    alert: chalk.red,
    error: chalk.red,
    'no-data': chalk.yellow,
  };
  return color[status].bold(WORDS[status]);
}

function overall({ runs, summary }: Report): string {
  return runs.length === 0 ? 'no run' : counted(summary.runs, 'run');
}

type Escape = Pick<Ink, 'text' | 'dash'>;

/** What became of a run, in one sentence without its end. */
export function sentenceOf(run: ReportRun, report: Report, ink: Escape): string {
  const judged = run.steps.filter((step) => step.judged);
  const own = report.errors.filter((error) => error.run === run.run || error.path === run.run);
  if (judged.length === 0) return ink.text(own[0]?.message ?? 'nothing to judge');
  const failures = failuresOf(run, ink);
  const parts = failures.length > 0 ? failures : [`no alert at ${counted(judged.length, 'judged step')}`];
  if (own.length > 0) parts.push(`${counted(own.length, 'input')} could not be used`);
  return parts.join('; ');
}

function failuresOf(run: ReportRun, ink: Escape): string[] {
  return alertSpans(run).map((span) => {
    const where = spanText(span, ink.dash);
    return `${ink.text(span.criterion)} failed${where === '' ? '' : ` ${where}`}`;
  });
}
