import { resolve } from 'node:path';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import type { StepRecord } from '#report/record.js';
import type { Report, ReportStep } from '#report/types.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { stepLine } from '#reporters/terminal/step-line.js';
import type { CommandContext } from '../input/context.js';
import { planFor } from '../input/plan-for.js';
import { judge } from '../judge.js';
import { publish, writeReports } from '../output/publish.js';
import { RecordStream } from '../output/record-stream.js';
import { Alarm } from './alarm.js';
import { type Remembered, Watcher } from './watch-runs.js';

const DEFAULT_INTERVAL = 5000;
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Judges steps as they appear, a line each, until --until, --timeout or a signal; then the verdict over all of them.
 * The exit code is that of `check` on the same steps, or 130 or 143 after a signal. With --state, a watch begins with
 * the steps that earlier ones have judged.
 */
export async function watch(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const { plan, flags } = await planFor('watch', paths, given, context);
  const { measuring, judging, outputs } = plan;
  const watcher = new Watcher(measuring, context.cwd, await remembered(measuring.paths, flags, context.cwd));
  const judgeAll = () => judge(watcher.records(), judging, flags, context, { takesLateSteps: true });
  // A state that does not fit is refused at once, and not after the first step.
  let report = await judgeAll();
  const isReached = () => flags.until !== undefined && hasReached(report, flags.until);
  const waiting = interruptibleWait(context);
  const end = performance.now() + (flags.timeout ?? Number.POSITIVE_INFINITY);
  const stream = new RecordStream(outputs, context.stdout);
  const streamSteps = () => {
    for (const record of watcher.records()) if (record.type === 'step') stream.write(record);
  };
  streamSteps();
  const onStderr = terminalFor(context.stderr, context.env, flags);
  const onStdout = { ...terminalFor(context.stdout, context.env, flags), ascii: flags.ascii ?? false };
  const showsSteps = !flags.quiet && outputs.every(({ path, format }) => path !== null || format === 'table');
  const alarm = new Alarm(flags, context);
  alarm.skip(report);
  try {
    while (!isReached()) {
      const { fresh, problems } = await watcher.look(() => waiting.signal() !== null);
      for (const problem of problems) context.stderr.write(formatError(problem, onStderr));
      if (fresh.length > 0) {
        streamSteps();
        report = await judgeAll();
        for (const { run, step } of newsOf(report, fresh, alarm)) {
          if (showsSteps) {
            context.stdout.write(stepLine(step, report.runs.length > 1 ? run : null, onStdout));
          }
          await alarm.raise(run, step);
        }
        await writeReports({ report, records: watcher.records() }, outputs, flags, context.cwd);
      }
      const left = end - performance.now();
      if (isReached() || waiting.signal() !== null || left <= 0) break;
      await waiting.for(Math.min(left, flags.interval ?? DEFAULT_INTERVAL));
    }
  } finally {
    waiting.stop();
  }
  report = afterSignal(await judgeAll(), waiting.signal());
  if (flags.until !== undefined && !isReached()) {
    context.stderr.write(formatWarning({ message: `step ${flags.until} was not reached` }, onStderr));
  }
  for (const record of watcher.records()) stream.write(record);
  await publish({ report, records: watcher.records() }, stream.others, { ...flags, quiet: true }, context);
  return report.exitCode;
}

/** Gives the report of a watch that was stopped the signal's exit code; its verdict is that of the steps until then. */
function afterSignal(report: Report, signal: keyof typeof SIGNAL_CODES | null): Report {
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
  { state, rejudge = false }: FlagValues,
  cwd: string,
): Promise<Remembered> {
  if (state === undefined) return {};
  const { readState, rememberedBelow } = await import('#judge/state/read-state.js');
  const stored = await readState(resolve(cwd, state), state);
  return { known: rememberedBelow(stored.state, paths), again: rejudge };
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

function interruptibleWait({ onInterrupt }: CommandContext) {
  let received: 'SIGINT' | 'SIGTERM' | null = null;
  let wake = () => {};
  const release = onInterrupt?.((signal) => {
    received = signal;
    wake();
  });
  return {
    signal: (): 'SIGINT' | 'SIGTERM' | null => received,
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
