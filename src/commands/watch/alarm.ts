import { resolve } from 'node:path';
import { writeFileAtomic } from '#io/atomic-write.js';
import { runCommand } from '#io/run-command.js';
import type { FlagValues } from '#options/flags.js';
import type { Report, ReportStep } from '#report/types.js';
import { formatWarning } from '#reporters/terminal/error-block.js';
import type { CommandContext } from '../input/context.js';

/** What an alert sets off, once a step. */
export class Alarm {
  #sentinelWritten = false;
  readonly #rung = new Set<string>();
  readonly #flags: FlagValues;
  readonly #context: CommandContext;

  constructor(flags: FlagValues, context: CommandContext) {
    this.#flags = flags;
    this.#context = context;
  }

  /** Takes the alerts of a report as known: an earlier watch has rung for them. */
  skip({ runs }: Report): void {
    for (const { run, steps } of runs)
      for (const { step } of steps.filter((one) => this.isDue(run, one))) this.#rung.add(keyOf(run, step));
  }

  /** True for a step that alerts and has not rung. */
  isDue(run: string, step: ReportStep): boolean {
    return this.#deciding(step).length > 0 && !this.#rung.has(keyOf(run, step.step));
  }

  async raise(run: string, alerting: ReportStep): Promise<void> {
    if (!this.isDue(run, alerting)) return;
    const { step } = alerting;
    this.#rung.add(keyOf(run, step));
    const { onAlert, sentinel } = this.#flags;
    const { cwd, env, stderr } = this.#context;
    const messages = this.#deciding(alerting).map(({ message }) => message);
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

  #deciding({ alerts }: ReportStep): ReportStep['alerts'] {
    return alerts.filter(({ level }) => level === 'error' || this.#flags.failOn === 'warn');
  }
}

function keyOf(run: string, step: number | null): string {
  return JSON.stringify([run, step]);
}
