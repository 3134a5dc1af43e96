import { resolve } from 'node:path';
import { ERROR_CODES, NoDataError, StateError } from '#errors.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { FlagValues } from '#options/flags.js';
import { DEFAULT_MAX_MEMORY } from '#options/plan/measure-plan.js';
import { terminalFor } from '#options/terminal.js';
import type { StepRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import type { Report, ReportError, ReportStep } from '#report/types.js';
import { withErrors } from '#report/with-errors.js';
import { formatError } from '#reporters/terminal/error-block.js';
import { stepLine } from '#reporters/terminal/step-line.js';
import { groupErrors } from '#reporters/view/group-errors.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext, Interrupt } from '../input/context.js';
import { type Planned, planFor } from '../input/plan-for.js';
import { judge } from '../judge.js';
import { catalogueFor } from '../output/metric-catalogue.js';
import { publish } from '../output/publish.js';
import { RecordStream } from '../output/record-stream.js';
import { ReportFiles } from '../output/report-files.js';
import { Alarm } from './alarm.js';
import type { PageServer } from './page-server.js';
import { type Remembered, Watcher } from './watch-runs.js';

const DEFAULT_INTERVAL = 5000;
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** What a command of --on-alert still has after a signal or --timeout. */
const GRACE_MS = 2000;

/**
 * Judges steps as they appear, a line each, until --until, --timeout, the sentinel or a signal; then the verdict over all of
 * them. The exit code is that of `check` on the same steps, 4 where --until was not reached in time, or 129, 130 or 143
 * after a signal. With --state, a watch begins with the steps that earlier ones have judged.
 */
export async function watch(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('watch', paths, given, context);
  const { plan, flags, overwriting } = planned;
  const { measuring, outputs } = plan;
  const alarm = new Alarm(flags, context);
  const waiting = interruptibleWait(context, () => alarm.kill());
  let server: PageServer | null = null;
  try {
    const known = await remembered(measuring.paths, flags, context.cwd);
    const watcher = new Watcher(measuring, context.cwd, (runs) => overwriting?.refuseInputs(runs), known);
    // A state that does not fit is refused at once, and not after the first step.
    let report = await judge(watcher.records(), planned, context, { takesLateSteps: true });
    const judgeAll = async (onJudged?: (report: Report) => void) =>
      judgeDespiteState(watcher, planned, context, onJudged);
    const isReached = () => flags.until !== undefined && hasReached(report, flags.until);
    const isRaised = () => alarm.isRaised && !flags.keepWatching;
    const end = performance.now() + (flags.timeout ?? Number.POSITIVE_INFINITY);
    const stream = new RecordStream(outputs, context.stdout);
    const files = new ReportFiles(outputs, flags, context.cwd);
    const streamSteps = () => {
      for (const record of watcher.records()) if (record.type === 'step') stream.write(record);
    };
    streamSteps();
    const onStderr = terminalFor(context.stderr, context.env, flags);
    const onStdout = { ...terminalFor(context.stdout, context.env, flags), ascii: flags.ascii ?? false };
    const showsSteps =
      !flags.quiet && outputs.every(({ path, format }) => path !== null || format === 'table');
    const unsaved = new Unsaved((error) => context.stderr.write(formatError(error, onStderr)));
    alarm.skip(report);
    if ((context.stderr.isTTY && !flags.quiet) || flags.verbose) {
      context.stderr.write(`${waitingText(measuring.paths, flags)}\n`);
    }
    const catalogue = await catalogueFor(METRIC_IDS);
    const documentNow = () => ({ report, records: watcher.records(), catalogue });
    if (flags.serve !== undefined) {
      const { PageServer } = await import('./page-server.js');
      server = await PageServer.start(flags.serve, documentNow());
      context.stderr.write(`the page is at ${server.address}\n`);
    }
    while (!isReached()) {
      const { fresh, problems } = await watcher.look(() => waiting.signal() !== null);
      for (const error of groupErrors(problems)) context.stderr.write(formatError(error, onStderr));
      alarm.writeSentinel();
      if (fresh.length > 0 || unsaved.isAny) {
        streamSteps();
        let news: readonly News[] = [];
        // Before the state has the steps: a watch that is killed here judges them again, and raises its alarm.
        report = await judgeAll((judged) => {
          news = newsOf(judged, fresh, alarm);
          for (const { run, step } of news) alarm.raise(run, step);
        });
        for (const { run, step } of showsSteps ? news : []) {
          context.stdout.write(stepLine(step, report.runs.length > 1 ? run : null, onStdout));
        }
        server?.show(documentNow());
        const { errors } = await files.write({ report, records: watcher.records() });
        unsaved.take([...errors.filter(({ code }) => ERROR_CODES[code].kind === 'output'), ...alarm.lost]);
      }
      const left = end - performance.now();
      if (isReached() || isRaised() || waiting.signal() !== null || left <= 0) break;
      await waiting.for(Math.min(left, flags.interval ?? DEFAULT_INTERVAL));
    }
    const signal = waiting.signal();
    const isLate = signal === null && !isReached() && !isRaised();
    alarm.writeSentinel();
    report = withErrors(await judgeAll(), [
      ...(isLate && flags.until !== undefined ? [notReached(flags.until)] : []),
      ...alarm.lost,
    ]);
    for (const record of watcher.records()) stream.write(record);
    const judged = { report: afterSignal(report, signal), records: watcher.records() };
    const { exitCode } = await publish(judged, stream.others, { ...flags, quiet: true }, context, files);
    await server?.end({ ...judged, catalogue });
    server = null;
    await alarm.finish(signal !== null || isLate ? GRACE_MS : null, waiting.nextSignal());
    return exitCode;
  } finally {
    await server?.stop();
    waiting.stop();
  }
}

/** Says what a watch looks at, how often, and what ends it. */
function waitingText(
  paths: readonly string[],
  { interval = DEFAULT_INTERVAL, until, timeout, sentinel, keepWatching }: FlagValues,
): string {
  const ends = [
    ...(until === undefined ? [] : [`every run has step ${until}`]),
    ...(timeout === undefined ? [] : [`${timeout / 1000} s have passed`]),
    ...(sentinel === undefined || keepWatching ? [] : ['the first alert']),
    'Ctrl-C',
  ];
  const where = paths.map((path) => printable(path)).join(', ');
  return `waiting for steps in ${where}: looking every ${interval / 1000} s, until ${ends.join(' or ')}`;
}

/** Judges by a state that came to harm meanwhile too: what is lost is its memory, and not the verdict. */
async function judgeDespiteState(
  watcher: Watcher,
  planned: Planned,
  context: CommandContext,
  onJudged: (report: Report) => void = () => {},
): Promise<Report> {
  let isTold = false;
  const once = (report: Report) => {
    if (!isTold) onJudged(report);
    isTold = true;
  };
  try {
    return await judge(watcher.records(), planned, context, { takesLateSteps: true, onJudged: once });
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    const { state: _, ...flags } = planned.flags;
    const report = await judge(watcher.records(), { ...planned, flags }, context, {
      isSeries: true,
      onJudged: once,
    });
    return withErrors(report, [toReportError(error)]);
  }
}

/** Files that could not be written, each named once until it is. */
class Unsaved {
  #errors: readonly ReportError[] = [];
  readonly #show: (error: ReportError) => void;

  constructor(show: (error: ReportError) => void) {
    this.#show = show;
  }

  get isAny(): boolean {
    return this.#errors.length > 0;
  }

  take(errors: readonly ReportError[]): void {
    for (const error of errors) {
      if (!this.#errors.some(({ path, message }) => path === error.path && message === error.message)) {
        this.#show(error);
      }
    }
    this.#errors = errors;
  }
}

function notReached(until: number): ReportError {
  return toReportError(new NoDataError('E303', `step ${until} was not reached in time`));
}

/** Gives the report of a watch that was stopped the signal's exit code; its verdict is that of the steps until then. */
function afterSignal(report: Report, signal: Interrupt | null): Report {
  if (signal === null) return report;
  return {
    ...report,
    exitCode: SIGNAL_CODES[signal],
    exitReason: `stopped by ${signal}; ${report.exitReason}`,
  };
}

/** Reads what --state keeps of the runs to watch. */
async function remembered(
  paths: readonly string[],
  {
    state,
    rejudge = false,
    resumeFrom = Number.POSITIVE_INFINITY,
    maxMemory = DEFAULT_MAX_MEMORY,
  }: FlagValues,
  cwd: string,
): Promise<Remembered> {
  if (state === undefined) return {};
  const { readState, rememberedBelow } = await import('#judge/state/read-state.js');
  const stored = await readState(resolve(cwd, state), state, maxMemory);
  const known = rememberedBelow(stored?.state ?? null, paths).filter(({ step }) => (step ?? 0) <= resumeFrom);
  return { known, again: rejudge };
}

interface News {
  readonly run: string;
  readonly step: ReportStep;
}

/** Returns the steps that came, and those that alert only now because an earlier step came late and is their baseline. */
function newsOf(report: Report, fresh: readonly StepRecord[], alarm: Alarm): News[] {
  const came = fresh.flatMap(({ run, step: number }) => {
    const step = stepOf(report, run, number);
    return step === undefined ? [] : [{ run, step }];
  });
  const known = new Set(came.map(({ step }) => step));
  const changed = report.runs.flatMap(({ run, steps }) =>
    steps.filter((step) => !known.has(step) && alarm.isDue(run, step)).map((step) => ({ run, step })),
  );
  return [...came, ...changed];
}

function stepOf({ runs }: Report, run: string, step: number | null): ReportStep | undefined {
  return runs.find((one) => one.run === run)?.steps.find((one) => one.step === step);
}

/** Tests whether every run has come to that step; a directory that is not there yet has not. */
function hasReached({ runs, errors }: Report, until: number): boolean {
  if (runs.length === 0 || errors.some(({ code }) => code === 'E201')) return false;
  return runs.every(({ steps }) => steps.some(({ step }) => (step ?? -1) >= until));
}

/** @param onSecond Called at a second signal, after which the process ends. */
function interruptibleWait({ onInterrupt }: CommandContext, onSecond: () => void) {
  let received: Interrupt | null = null;
  let wake = () => {};
  const release = onInterrupt?.((signal) => {
    if (received !== null) onSecond();
    received ??= signal;
    wake();
  });
  return {
    signal: (): Interrupt | null => received,
    /** Resolves at a signal that is still to come. */
    nextSignal: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    stop: () => release?.(),
    for: (ms: number) =>
      new Promise<void>((done) => {
        const timer = setTimeout(done, ms);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      }),
  };
}
