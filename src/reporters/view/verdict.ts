import type { Report, ReportRule, ReportRun, ReportStep } from '#report/types.js';
import { type AlertSpan, alertSpans, spanText } from './alert-spans.js';
import { configurationText } from './configuration-text.js';
import { quietCriteria } from './criterion-metric.js';
import type { Ink } from './layout.js';
import { counted, stepName, worstFirst } from './step-text.js';

const WORDS = { ok: 'ok', warning: 'WARN', alert: 'ALERT', error: 'ERROR', 'no-data': 'NO DATA' } as const;

/**
 * Writes one line a run, worst first, and where there is not exactly one run a line for all of them; the last line is
 * the verdict.
 */
export function verdictLines(report: Report, ink: Ink): string[] {
  const { configuration } = report;
  const by = configuration === undefined ? '' : `; ${ink.text(configurationText(configuration))}`;
  const code = `(exit ${report.exitCode})`;
  const [only] = report.runs;
  if (report.runs.length === 1 && only !== undefined && only.status === report.status) {
    const excused = report.status === 'alert' && report.exitCode === 0;
    const end = excused ? `(exit 0: ${ink.text(report.exitReason)})` : `(exit ${report.exitCode}${by})`;
    return [`${paint(report.status, ink)} ${ink.text(only.run)}: ${sentenceOf(only, report, ink)} ${end}`];
  }
  return [
    ...worstFirst(report.runs).map(
      (run) => `${paint(run.status, ink)} ${ink.text(run.run)}: ${sentenceOf(run, report, ink)}`,
    ),
    `${paint(report.status, ink)} ${overall(report)}: ${ink.text(report.exitReason)} ${code}`,
  ];
}

/** Writes a status in a word, coloured. */
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

/** For text that is made safe afterwards, as a whole. */
export const RAW: Escape = { text: (text) => text, dash: '–' };

/** Says what became of a run, in one sentence without its end. */
export function sentenceOf(run: ReportRun, report: Report, ink: Escape): string {
  const judged = run.steps.filter((step) => step.judged);
  const own = report.errors.filter((error) => error.run === run.run || error.path === run.run);
  if (judged.length === 0) return ink.text(own[0]?.message ?? 'nothing to judge');
  const alerts = alertsOf(run, report, ink);
  return [
    ...(alerts.length > 0 ? alerts : [`no alert at ${counted(judged.length, 'judged step')}`]),
    ...undecided(run, judged, report).map((text) => ink.text(text)),
    ...(own.length > 0 ? [`${counted(own.length, 'input')} could not be used`] : []),
  ].join('; ');
}

/**
 * Names the rules that missing values kept from a verdict: where they are why there is none, each that lacked its
 * metric at a judged step; else the user's own that were never decided.
 */
function undecided(run: ReportRun, judged: readonly ReportStep[], report: Report): string[] {
  const quiet = quietCriteria(report);
  const skippedAt = (id: string) =>
    judged.filter((step) => step.skipped.some(({ criterion }) => criterion === id));
  const lacking = report.rules.filter((rule) => skippedAt(rule.id).some((step) => lacksMetric(step, rule)));
  return report.rules.flatMap((rule) => {
    const { id } = rule;
    const skipped = skippedAt(id);
    const isOwn = rule.preset === undefined;
    // Where nothing is missing, a kl_reg was computed in vain.
    const isWhy = run.status === 'no-data' && (lacking.includes(rule) || lacking.length === 0);
    const isShown = isWhy || (isOwn && skipped.length === judged.length);
    if (skipped.length === 0 || quiet.has(id) || !isShown) return [];
    const steps =
      skipped.length === judged.length ? 'any judged step' : counted(skipped.length, 'judged step');
    return [`${id} could not be decided at ${steps}`];
  });
}

function lacksMetric({ metrics }: ReportStep, { metric, at }: ReportRule): boolean {
  return metric !== undefined && (metrics[metric] == null || at !== undefined);
}

/**
 * Says what a run collapsed to, if that has a name, and each criterion that failed; of quiet ones only without a name.
 */
function alertsOf(run: ReportRun, report: Report, ink: Escape): string[] {
  const spans = alertSpans(run);
  if (spans.length === 0) return [];
  const quiet = quietCriteria(report);
  const name = collapseName(run);
  const shown = spans.filter(({ criterion }) => name === null || !quiet.has(criterion));
  const texts = (some: readonly AlertSpan[]) => some.map((span) => failure(span, ink));
  const head = name === null ? [] : [name];
  if (!countsLatestAlone(run, spans)) return [...head, ...texts(shown)];
  const isPast = ({ stillFailing }: AlertSpan) => !stillFailing;
  const [first, ...rest] = texts(shown.filter(isPast));
  return [
    ...head,
    ...(spans.every(isPast) ? ['no alert at the latest judged step'] : []),
    ...texts(shown.filter((span) => !isPast(span))),
    ...(first === undefined ? [] : [`earlier, ${first}`, ...rest]),
  ];
}

/** Tells whether the latest step alone decides: with `--judge latest` a status can be milder than the run's alerts. */
function countsLatestAlone({ status }: ReportRun, spans: readonly AlertSpan[]): boolean {
  return status === 'ok' || (status === 'warning' && spans.some(({ level }) => level === 'error'));
}

/** Says what a run collapsed to and since when; null where that has no name. */
export function collapseName({ diagnosis }: Pick<ReportRun, 'diagnosis'>): string | null {
  if (diagnosis === undefined || diagnosis.label === 'healthy' || diagnosis.label === 'not enough data') {
    return null;
  }
  const { label, since } = diagnosis;
  return since === null ? label : `${label} since ${stepName(since)}`;
}

function failure(span: AlertSpan, ink: Escape): string {
  const where = spanText(span, ink.dash);
  return `${ink.text(span.criterion)} failed${where === '' ? '' : ` ${where}`}`;
}
