import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { runCommand } from '../io/run-command.js';
import type { FlagValues } from '../options/flags.js';
import { gateOptions } from '../options/gate-options.js';
import { measureOptions } from '../options/measure-options.js';
import { outputsOf } from '../options/outputs.js';
import { terminalFor } from '../options/terminal.js';
import { gate } from '../pipeline/gate.js';
import { withRuledMetrics } from '../pipeline/ruled-metrics.js';
import { Watcher } from '../pipeline/watch.js';
import type { Report, ReportStep } from '../report/types.js';
import { formatError, formatWarning } from '../reporters/error-block.js';
import { stepLine } from '../reporters/step-line.js';
import type { CommandContext } from './context.js';
import { publish, writeReports } from './publish.js';
import { settingsFor } from './settings.js';

const DEFAULT_INTERVAL = 5000;
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Judges steps as they appear, a line each, until --until, --timeout or a signal; then the verdict over all of them.
 * The exit code is that of `check` on the same steps, or 130 or 143 after a signal.
 */
export async function watch(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const flags = settingsFor('watch', given, context);
  if (paths.length === 0 || flags.pred !== undefined) {
    throw new UsageError('E103', 'watch looks at directories', {
      hint: 'name them: `collapse watch runs/exp1`',
    });
  }
  const outputs = outputsOf(flags);
  const judging = gateOptions(flags);
  const measuring = measureOptions(paths, flags);
  const metrics = withRuledMetrics(measuring.metrics, judging);
  const watcher = new Watcher({ ...measuring, metrics }, context.cwd);
  const waiting = interruptibleWait(context);
  const end = performance.now() + (flags.timeout ?? Number.POSITIVE_INFINITY);
  const onStderr = terminalFor(context.stderr, context.env, flags);
  const onStdout = { ...terminalFor(context.stdout, context.env, flags), ascii: flags.ascii ?? false };
  const judge = () => gate(watcher.records(), judging, context.version);
  const alarm = new Alarm(flags, context);
  try {
    for (;;) {
      const { fresh, problems } = await watcher.look();
      for (const problem of problems) context.stderr.write(formatError(problem, onStderr));
      if (fresh.length > 0) {
        const report = judge();
        for (const record of fresh) {
          const step = stepOf(report, record.run, record.step);
          if (step === undefined) continue;
          if (outputs.every(({ path, format }) => path !== null || format === 'table')) {
            context.stdout.write(stepLine(step, report.runs.length > 1 ? record.run : null, onStdout));
          }
          await alarm.raise(record.run, step);
        }
        await writeReports({ report, records: watcher.records() }, outputs, flags, context.cwd);
        if (flags.until !== undefined && hasReached(report, flags.until)) break;
      }
      const left = end - performance.now();
      if (waiting.signal() !== null || left <= 0) break;
      await waiting.for(Math.min(left, flags.interval ?? DEFAULT_INTERVAL));
    }
  } finally {
    waiting.stop();
  }
  const report = judge();
  if (flags.until !== undefined && !hasReached(report, flags.until)) {
    context.stderr.write(formatWarning({ message: `step ${flags.until} was not reached` }, onStderr));
  }
  await publish({ report, records: watcher.records() }, outputs, { ...flags, quiet: true }, context);
  const signal = waiting.signal();
  return signal === null ? report.exitCode : SIGNAL_CODES[signal];
}

function stepOf({ runs }: Report, run: string, step: number | null): ReportStep | undefined {
  return runs.find((one) => one.run === run)?.steps.find((one) => one.step === step);
}

function hasReached({ runs }: Report, until: number): boolean {
  return runs.length > 0 && runs.every(({ steps }) => steps.some(({ step }) => (step ?? -1) >= until));
}

/** What an alert sets off, once a step. */
class Alarm {
  #sentinelWritten = false;
  readonly #flags: FlagValues;
  readonly #context: CommandContext;

  constructor(flags: FlagValues, context: CommandContext) {
    this.#flags = flags;
    this.#context = context;
  }

  async raise(run: string, { step, alerts }: ReportStep): Promise<void> {
    const { failOn = 'error', onAlert, sentinel } = this.#flags;
    const deciding = alerts.filter(({ level }) => level === 'error' || failOn === 'warn');
    if (deciding.length === 0) return;
    const { cwd, env, stderr } = this.#context;
    const messages = deciding.map(({ message }) => message);
    if (sentinel !== undefined && !this.#sentinelWritten) {
      writeFileAtomic(resolve(cwd, sentinel), `${JSON.stringify({ run, step, messages })}\n`);
      this.#sentinelWritten = true;
    }
    if (onAlert === undefined) return;
    const { code, output } = await runCommand(onAlert, cwd, {
      ...env,
      COLLAPSE_RUN: run,
      COLLAPSE_STEP: step === null ? '' : String(step),
      COLLAPSE_MESSAGE: messages.join('; '),
    });
    stderr.write(output);
    if (code !== 0) {
      stderr.write(
        formatWarning(
          { message: `--on-alert ended with ${code ?? 'a signal'}: ${onAlert}` },
          { color: false },
        ),
      );
    }
  }
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
