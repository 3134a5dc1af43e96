import type { ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { metricOfCriterion, unaskedSkips } from './criterion-metric.js';
import { formatNumber } from './format-number.js';
import { horizonNotes } from './horizon-rows.js';
import type { Ink } from './layout.js';
import { referenceNotes } from './reference-notes.js';
import { remarkText } from './remark-text.js';
import { counted, stepName } from './step-text.js';
import { collapseName, remedyText } from './verdict.js';

type Escape = Pick<Ink, 'text'>;

/**
 * Notes what the table cannot say in a cell: why something was not judged, has no value or was only estimated; and the
 * diagnosis, unless the verdict says it.
 */
export function runNotes(
  run: ReportRun,
  step: ReportStep,
  shown: ReadonlySet<ReportMetricId>,
  report: Pick<Report, 'rules' | 'reference'>,
  ink: Escape,
): string[] {
  return [
    ...elsewhereNotes(run, ink),
    ...diagnosisNotes(run, ink),
    ...referenceNotes(run, report, ink),
    ...remarkNotes(run, ink),
    ...waitingNotes(run, ink),
    ...skipNotes(step, run, report, ink),
    ...baselineNotes(run, step),
    ...unavailableNotes(step, shown, report, ink),
    ...estimateNotes(step, shown),
    ...step.notes.map((note) => `${ink.text(note)}.`),
    ...horizonNotes(step, shown, ink.text),
    ...notJudgedNotes(run, ink),
  ];
}

/** Notes what a list of runs has no place for: remarks, and from what steps were read; what is said of several runs, once. */
export function notesOfRuns(runs: readonly ReportRun[], ink: Escape): string[] {
  const byText = new Map<string, string[]>();
  for (const run of runs) {
    const from = run.stepsFrom === undefined ? [] : [`Steps were read from ${ink.text(run.stepsFrom)}`];
    const remarks = (run.remarks ?? []).map((remark) => `Remark: ${ink.text(remarkText(remark))}`);
    const elsewhere = elsewhereNotes(run, ink).map((note) => note.slice(0, -1));
    for (const text of [...elsewhere, ...from, ...remarks])
      byText.set(text, [...(byText.get(text) ?? []), run.run]);
  }
  return [...byText].map(([text, own]) => {
    const names = own
      .slice(0, MOST_NAMED)
      .map((name) => ink.text(name))
      .join(', ');
    const more = own.length > MOST_NAMED ? ` and ${own.length - MOST_NAMED} more` : '';
    return `${text} (${own.length === runs.length && own.length > 1 ? 'all runs' : names + more}).`;
  });
}

/** Runs that a note names. */
const MOST_NAMED = 3;

/** Columns that a note names. */
const MOST_COLUMNS = 6;
/** Metrics without a value that a note names one by one. */
const MOST_UNAVAILABLE = 8;

/** Notes where numbers come from that this tool did not measure: what they are is not known to it. */
function elsewhereNotes({ measuredElsewhere }: ReportRun, ink: Escape): string[] {
  if (measuredElsewhere === undefined) return [];
  const columns = Object.entries(measuredElsewhere.columns).map(([id, column]) =>
    column === id ? id : `${ink.text(column)} as ${id}`,
  );
  const more = columns.length - MOST_COLUMNS;
  const list = columns.slice(0, MOST_COLUMNS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [`These numbers were not measured by this tool: ${ink.text(measuredElsewhere.path)} has ${list}.`];
}

function diagnosisNotes(run: ReportRun, ink: Escape): string[] {
  const name = collapseName(run);
  // The verdict speaks of health, and the notes of what is missing.
  if (name === null || run.diagnosis === undefined) return [];
  const ground = run.diagnosis.evidence.map((line) => ink.text(line)).join('; ');
  return [`Diagnosis: ${ink.text(name)}: ${ground}.`];
}

/** Notes what helps against what a run collapsed to. */
export function remedyNotes(run: ReportRun, ink: Escape): string[] {
  const remedy = remedyText(run);
  return remedy === null ? [] : [`${capital(ink.text(remedy))}.`];
}

/** Notes what was beyond a bound and never for long enough: one bad step is no alert, and not to be passed over. */
function waitingNotes({ steps }: ReportRun, ink: Escape): string[] {
  const byCriterion = new Map<string, ReportStep[]>();
  for (const step of steps) {
    for (const id of step.waiting ?? []) byCriterion.set(id, [...(byCriterion.get(id) ?? []), step]);
  }
  const alerted = new Set(steps.flatMap(({ alerts }) => alerts.map(({ criterion }) => criterion)));
  return [...byCriterion]
    .filter(([id]) => !alerted.has(id))
    .map(([id, [first, ...more]]) => {
      const where = `${stepName(first!.step)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
      return `${ink.text(id)} was beyond its bound at ${where}: too few consecutive steps for an alert.`;
    });
}

function skipNotes(
  step: ReportStep,
  { undecided = [] }: ReportRun,
  report: Pick<Report, 'rules'>,
  ink: Escape,
): string[] {
  const unasked = unaskedSkips(step, report);
  const skipped = step.skipped.filter(({ criterion }) => !unasked.has(criterion));
  const byReason = new Map<string, string[]>();
  for (const { criterion, reason } of [...skipped, ...undecided]) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), criterion]);
  }
  return [...byReason].map(
    ([reason, criteria]) => `${ink.text(criteria.join(', '))} not judged: ${ink.text(reason)}.`,
  );
}

function remarkNotes({ remarks = [] }: ReportRun, ink: Escape): string[] {
  return remarks.map((remark) => `Remark: ${ink.text(remarkText(remark))}.`);
}

/** Notes a step that is its own baseline: it passes whatever it is, which is no news of its health. */
function baselineNotes({ baseline }: ReportRun, step: ReportStep): string[] {
  const own = step.judged && baseline?.source === 'first step' && baseline.step === step.step;
  return own
    ? [`pairwise_pred_dist_mean is compared with itself: ${stepName(step.step)} is the first judged step.`]
    : [];
}

function unavailableNotes(
  { skipped, unavailable }: ReportStep,
  shown: ReadonlySet<ReportMetricId>,
  report: Pick<Report, 'rules'>,
  ink: Escape,
): string[] {
  const explained = new Set(
    skipped.map(({ criterion }) => metricOfCriterion(criterion, report) ?? criterion),
  );
  const byReason = new Map<string, string[]>();
  for (const [id, reason] of Object.entries(unavailable)) {
    if (explained.has(id) || !shown.has(id as ReportMetricId)) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => {
    const named = ids.length > MOST_UNAVAILABLE ? ids.slice(0, MOST_COLUMNS) : ids;
    const more = ids.length - named.length;
    return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''} unavailable: ${ink.text(reason)}.`;
  });
}

function estimateNotes({ estimates }: ReportStep, shown: ReadonlySet<ReportMetricId>): string[] {
  return Object.entries(estimates)
    .filter(([id]) => shown.has(id as ReportMetricId))
    .map(([id, { pairs, standardError }]) => {
      const error = formatNumber(standardError);
      return `${id} is an estimate from ${counted(pairs, 'pair')}, standard error ${error}.`;
    });
}

function notJudgedNotes({ steps }: ReportRun, ink: Escape): string[] {
  const byReason = new Map<string, ReportStep[]>();
  for (const step of steps) {
    if (step.notJudged === undefined) continue;
    byReason.set(step.notJudged, [...(byReason.get(step.notJudged) ?? []), step]);
  }
  return [...byReason].map(([reason, own]) => {
    const [only] = own;
    if (own.length === steps.length) return `No step judged: ${ink.text(reason)}.`;
    const which =
      own.length === 1 && only !== undefined ? capital(stepName(only.step)) : counted(own.length, 'step');
    return `${which} measured and not judged: ${ink.text(reason)}.`;
  });
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
