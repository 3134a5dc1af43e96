import type { Report, ReportRule, ReportRun, ReportStep } from '#report/types.js';
import { type AlertSpan, alertSpans, spanText } from './alert-spans.js';
import { configurationText } from './configuration-text.js';
import { quietCriteria } from './criterion-metric.js';
import { isNoData } from './error-kind.js';
import type { Ink } from './layout.js';
import { counted, stepName, worstFirst } from './step-text.js';

const WORDS = {
  ok: 'ok',
  early: 'EARLY',
  warning: 'WARN',
  alert: 'ALERT',
  error: 'ERROR',
  'no-data': 'NO DATA',
} as const;

/**
 * Writes one line a run, worst first, and where there is not exactly one run a line for all of them; the last line is
 * the verdict.
 *
 * @param withRemedy That of a single run says what helps.
 */
export function verdictLines(report: Report, ink: Ink, withRemedy = true): string[] {
  const { configuration } = report;
  const by = configuration === undefined ? '' : `; ${ink.text(configurationText(configuration))}`;
  const code = `(exit ${report.exitCode})`;
  const [only] = report.runs;
  if (report.runs.length === 1 && only !== undefined && only.status === report.status) {
    const excused = report.status === 'alert' && report.exitCode === 0;
    const end = excused ? `(exit 0: ${ink.text(report.exitReason)})` : `(exit ${report.exitCode}${by})`;
    const remedy = withRemedy ? remedyText(only) : null;
    const sentence = [sentenceOf(only, report, ink), ...(remedy === null ? [] : [ink.text(remedy)])];
    return [`${statusWord(report.status, ink)} ${ink.text(only.run)}: ${sentence.join('; ')} ${end}`];
  }
  if (report.runs.length === 0) {
    return [`${statusWord(report.status, ink)} nothing was judged: ${ink.text(whyNoRun(report))} ${code}`];
  }
  return [
    ...worstFirst(report.runs).map(
      (run) => `${statusWord(run.status, ink)} ${ink.text(run.run)}: ${sentenceOf(run, report, ink)}`,
    ),
    `${statusWord(report.status, ink)} ${counted(report.summary.runs, 'run')}: ${ink.text(report.exitReason)} ${code}`,
  ];
}

/** Writes a status in a word, coloured. */
export function statusWord(status: Report['status'], { chalk }: Ink): string {
  const color = {
    ok: chalk.green.bold,
    early: chalk.cyan.bold,
    // Bold yellow is bright yellow on many terminals, and on a light ground cannot be read.
    warning: chalk.yellow,
    alert: chalk.red.bold,
    error: chalk.red.bold,
    'no-data': chalk.yellow,
  };
  return color[status](WORDS[status]);
}

/** Says why a report has no run. */
function whyNoRun({ errors, exitReason }: Report): string {
  const [only, ...others] = errors;
  if (only === undefined) return 'no run was found';
  return others.length === 0 ? only.message : exitReason;
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
  const name = collapseName(run);
  const unread = own.filter(({ code }) => !isNoData(code)).length;
  return [
    ...(run.early === undefined ? [] : [run.early.reason]),
    ...own.filter(({ code }) => isNoData(code)).map(({ message }) => ink.text(message)),
    ...(alerts.length > 0
      ? alerts
      : [
          `no alert at ${counted(judged.length, 'judged step')}`,
          // What judges is blind to it, and the diagnosis is not.
          ...(name === null ? [] : [`diagnosed as ${name}`]),
        ]),
    ...undecided(run, judged, report).map((text) => ink.text(text)),
    ...(unread > 0 ? [`${counted(unread, 'input')} could not be used`] : []),
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
  const own = report.rules.flatMap((rule) => {
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
  const blind = run.undecided ?? [];
  const [first] = blind;
  if (first === undefined) return own;
  const more = blind.length === 1 ? '' : ` and ${blind.length - 1} more`;
  return [...own, `${first.criterion}${more} could not be decided at any judged step`];
}

function lacksMetric({ metrics }: ReportStep, { metric, at }: ReportRule): boolean {
  return metric !== undefined && (metrics[metric] == null || at !== undefined);
}

/**
 * Says what a run collapsed to, if that has a name, and each criterion that failed: beside a name, those that decide and
 * were asked for.
 */
function alertsOf(run: ReportRun, report: Report, ink: Escape): string[] {
  const spans = alertSpans(run);
  if (spans.length === 0) return [];
  const quiet = quietCriteria(report);
  const name = collapseName(run);
  const decides = spans.some(({ level }) => level === 'error');
  const shown = spans.filter(
    ({ criterion, level }) => name === null || (!quiet.has(criterion) && (level === 'error' || !decides)),
  );
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
  const isMild = status === 'warning' || status === 'early';
  return status === 'ok' || (isMild && spans.some(({ level }) => level === 'error'));
}

/** Names what a run collapsed to, with the horizon that did; null where that has no name. */
export function collapseLabel({ diagnosis }: Pick<ReportRun, 'diagnosis'>): string | null {
  if (diagnosis === undefined || diagnosis.label === 'healthy' || diagnosis.label === 'not enough data') {
    return null;
  }
  const { label, horizon } = diagnosis;
  return horizon === undefined ? label : `horizon ${horizon}: ${label}`;
}

/** Says what a run collapsed to, since when and from where it can go on; null where that has no name. */
export function collapseName(run: Pick<ReportRun, 'diagnosis'>): string | null {
  const { diagnosis } = run;
  const label = collapseLabel(run);
  if (diagnosis === undefined || label === null) return null;
  const { since, began = null, lastGood = null, recovered } = diagnosis;
  return [
    since === null ? label : `${label} since ${stepName(began ?? since)}`,
    ...(began === null || since === null || began === since ? [] : [`confirmed at ${stepName(since)}`]),
    ...(recovered == null ? [] : [`recovered at ${stepName(recovered)}`]),
    ...(lastGood === null ? [] : [`last good ${stepName(lastGood)}`]),
  ].join(', ');
}

function failure(span: AlertSpan, ink: Escape): string {
  const where = spanText(span, ink.dash);
  const word = span.level === 'error' ? 'failed' : 'warned';
  const end = span.recovered === null ? '' : `, recovered at ${stepName(span.recovered)}`;
  return `${ink.text(span.criterion)} ${word}${where === '' ? '' : ` ${where}`}${end}`;
}

/** Says what helps against what a run collapsed to; null where that has no name. */
export function remedyOf({ diagnosis }: Pick<ReportRun, 'diagnosis'>): string | null {
  return diagnosis?.remedy ?? null;
}

/** Says what helps, as a part of a sentence. */
export function remedyText(run: Pick<ReportRun, 'diagnosis'>): string | null {
  const remedy = remedyOf(run);
  return remedy === null ? null : `what to do: ${remedy}`;
}
