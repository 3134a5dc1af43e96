import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { chooseMetrics } from '../view/choose-metrics.js';
import { ruledMetrics, unaskedMetrics } from '../view/criterion-metric.js';
import type { Render, RenderOptions } from '../view/define-reporter.js';
import { isNoData } from '../view/error-kind.js';
import { type Ink, inkFor } from '../view/layout.js';
import { metricStates } from '../view/metric-state.js';
import { nextCommand } from '../view/next-command.js';
import { notesOfRuns, runNotes } from '../view/run-notes.js';
import { type Scale, scaleOf } from '../view/sparkline.js';
import { unreadSteps } from '../view/step-series.js';
import { counted, stepName, worstFirst } from '../view/step-text.js';
import { remedyOf, statusWord, verdictLines } from '../view/verdict.js';
import { type VerdictFact, verdictBlock } from '../view/verdict-block.js';
import { referenceText, silencing } from '../view/ways-out.js';
import { displayWidth } from './display-width.js';
import { fold } from './fold.js';
import { drawHorizonTable } from './horizon-table.js';
import { drawMetricTable } from './metric-table.js';

const INDENT = '  ';

/**
 * Writes for people: the verdict with what to do, then what it rests on, what to run next, and the verdict again in the
 * last line, for whatever reads only that. Of several runs each has a line; `verbose` has a table for each.
 */
export const table: Render = ({ report, catalogue }, options) => {
  const ink = inkFor(options);
  const folded = (line: string) => fold(line, options.width, INDENT);
  const isOne = report.runs.length === 1;
  const verdicts = verdictLines(report, ink, options.quiet || !options.isTTY);
  const written = options.foldsVerdict === false ? verdicts : verdicts.map(folded);
  const isEmpty = report.runs.every(({ steps }) => steps.length === 0);
  if (options.quiet || isEmpty) return `${written.join('\n')}\n`;
  const scales = report.runs.length > 1 ? sharedScales(report.runs) : null;
  const runs = worstFirst(report.runs);
  const scene = { report, catalogue, scales, options, ink };
  const reference = referenceText(report);
  const blocks = [
    isOne ? runs.map((run) => verdictText(run, scene)).join('\n\n') : overview(written, runs, scene),
    ...(isOne || options.verbose ? runs.map((run) => runBlock(run, scene)) : []),
    ...(scales !== null && options.verbose
      ? [folded('The steps of a metric are drawn to one scale in all runs.')]
      : []),
    reference === null ? '' : folded(ink.text(reference)),
  ];
  const next = nextCommand(report);
  if (next !== null) blocks.push(nextBlock(next, options.width, ink));
  // The lines of several runs stand above.
  return `${[...blocks, isOne ? written.join('\n') : written.at(-1)].filter(Boolean).join('\n\n')}\n`;
};

interface Scene {
  readonly report: Report;
  readonly catalogue: MetricCatalogue;
  readonly scales: ReadonlyMap<ReportMetricId, Scale> | null;
  readonly options: RenderOptions;
  readonly ink: Ink;
}

const LABEL_WIDTH = 14;

/** Writes the verdict of one run, and a labelled line for each fact. */
function verdictText(run: ReportRun, { report, options: { width }, ink }: Scene): string {
  const { headline, facts } = verdictBlock(run, report, ink);
  const head = `${statusWord(run.status, ink)} ${ink.chalk.bold(ink.text(run.run))}: ${headline}`;
  return [fold(head, width, INDENT), ...factLines(facts, width, ink)].join('\n');
}

function factLines(facts: readonly VerdictFact[], width: number, ink: Ink): string[] {
  return facts.map(({ label, text }) =>
    fold(
      text,
      width,
      ' '.repeat(INDENT.length + LABEL_WIDTH),
      INDENT + ink.chalk.cyan(label.padEnd(LABEL_WIDTH)),
    ),
  );
}

/** Writes how many runs came to what, a line a run, what helps against each kind of collapse, and what is said of them. */
function overview(
  lines: readonly string[],
  runs: readonly ReportRun[],
  { report, options, ink }: Scene,
): string {
  const { width, verbose } = options;
  const folded = (line: string) => fold(line, width, INDENT);
  const head = `${statusWord(report.status, ink)} ${ink.text(report.exitReason)}`;
  const kinds = new Map(
    runs.flatMap((run): [string, string][] => {
      const [label, remedy] = [run.diagnosis?.label, remedyOf(run)];
      return label === undefined || remedy === null ? [] : [[label, remedy]];
    }),
  );
  const worst = runs.find(({ status }) => status === 'alert');
  const silence = worst === undefined ? null : silencing(worst, report);
  const facts = [
    ...[...kinds].map(([kind, remedy]) => ({ label: 'what to do', text: `${kind}: ${ink.text(remedy)}` })),
    ...(silence === null
      ? []
      : [{ label: 'false alarm?', text: `${ink.text(worst!.run)}: ${ink.text(silence)}` }]),
  ];
  const notes = verbose ? [] : [...notesOfRuns(runs, ink), '--verbose shows a table for each run.'];
  return [
    folded(head),
    lines.slice(0, -1).join('\n'),
    factLines(facts, width, ink).join('\n'),
    runs.length === 0 ? '' : notes.map(folded).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function runBlock(run: ReportRun, { report, catalogue, scales, options, ink }: Scene): string {
  const { width, verbose } = options;
  const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
  let lines: string[] = [];
  let tableText = '';
  let horizonText = '';
  if (step !== undefined) {
    const ids = Object.keys(step.metrics) as ReportMetricId[];
    const { shown, folded } = chooseMetrics(
      run,
      ids,
      ruledMetrics(report, run.steps),
      catalogue,
      verbose,
      unaskedMetrics(run, report),
    );
    const states = metricStates(shown, step, run, report, verbose);
    tableText = drawMetricTable(
      { run, unread: unreadSteps(run, report), step, states, catalogue, scales },
      width,
      ink,
    );
    horizonText = drawHorizonTable(step, shown, catalogue, width, ink);
    const more = `${counted(folded.length, 'more metric')} without an alert: --verbose shows them.`;
    // The verdict of a single run says its diagnosis.
    const { diagnosis, ...rest } = run;
    const noted = report.runs.length === 1 || diagnosis === undefined ? rest : { ...rest, diagnosis };
    lines = [...(folded.length > 0 ? [more] : []), ...runNotes(noted, step, new Set(shown), report, ink)];
  }
  const unread = report.errors.filter(({ run: of, code }) => of === run.run && !isNoData(code)).length;
  if (unread > 0) lines.push(`${counted(unread, 'input')} could not be used: see the errors on stderr.`);
  const steps = verbose ? run.steps.map((each) => stepLine(each, ink)) : [];
  const [notes, perStep] = [lines, steps].map((part) =>
    part.map((line) => fold(line, width, INDENT)).join('\n'),
  );
  return [heading(run, step, width, ink), tableText, horizonText, notes, perStep]
    .filter(Boolean)
    .join('\n\n');
}

/** Writes a command to paste: never folded, because a shell would take its lines for several commands. */
function nextBlock(command: string, width: number, { chalk }: Ink): string {
  const label = chalk.cyan('next:');
  const isLong = displayWidth(`next: ${command}`) > width;
  return isLong ? `${label}\n${command}` : `${label} ${command}`;
}

/** Writes the run and what was found in it: one line, or two where one would break inside. */
function heading(run: ReportRun, step: ReportStep | undefined, width: number, ink: Ink): string {
  const name = ink.chalk.bold(ink.text(run.run));
  if (step === undefined) return fold(name, width, INDENT);
  const facts = factsOf(run, step, ink);
  if (displayWidth(name) + INDENT.length + facts.length <= width) return name + INDENT + facts;
  return `${fold(name, width, INDENT)}\n${fold(facts, width, INDENT, INDENT)}`;
}

function factsOf(run: ReportRun, step: ReportStep, ink: Ink): string {
  const first = run.steps[0]?.step ?? null;
  const last = run.steps.at(-1)?.step ?? null;
  const numbered = first !== null && last !== null;
  const several = numbered && run.steps.length > 1;
  const parts = [
    several
      ? `${run.steps.length} steps, ${first}${ink.dash}${last}`
      : numbered
        ? stepName(step.step)
        : 'one unnumbered step',
    run.measuredElsewhere === undefined
      ? `${counted(step.rows, 'row')} ${ink.times} ${counted(step.dims, 'dimension')}`
      : 'not measured here',
  ];
  if (several && step.step !== last) parts.push(`values of ${stepName(step.step)}`);
  if (run.stepsFrom !== undefined) parts.push(`steps read from ${ink.text(run.stepsFrom)}`);
  if (run.baseline !== null && several) {
    const { source, step: at } = run.baseline;
    parts.push(`baseline ${source === 'flag' ? 'given' : stepName(at)}`);
  }
  return parts.join(', ');
}

function stepLine(step: ReportStep, ink: Ink): string {
  const name = stepName(step.step);
  if (!step.judged) return `${name}: not judged, ${ink.text(step.notJudged ?? '')}`;
  if (step.alerts.length === 0) return `${name}: ok`;
  return `${name}: ${step.alerts.map((alert) => ink.text(alert.message)).join('; ')}`;
}

/** Finds one range a metric over all runs, so that their curves can be compared. */
function sharedScales(runs: readonly ReportRun[]): Map<ReportMetricId, Scale> {
  const scales = new Map<ReportMetricId, Scale>();
  const steps = runs.flatMap((run) => run.steps);
  const ids = new Set(steps.flatMap(({ metrics }) => Object.keys(metrics) as ReportMetricId[]));
  for (const id of ids) {
    const scale = scaleOf(steps.map(({ metrics }) => metrics[id]));
    if (scale !== undefined) scales.set(id, scale);
  }
  return scales;
}
