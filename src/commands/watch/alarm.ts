import { resolve } from 'node:path';
import { OutputError } from '#errors.js';
import { removeTemporaries, writeFileAtomic } from '#io/atomic-write.js';
import type { FlagValues } from '#options/flags.js';
import { toReportError } from '#report/report-error.js';
import type { Report, ReportError, ReportStep } from '#report/types.js';
import type { CommandContext } from '../input/context.js';
import { AlertCommands } from './alert-commands.js';

/** What an alert sets off, once a step. */
export class Alarm {
  /** What the sentinel is to say; null until the first alert. */
  #sentinel: string | null = null;
  #written = false;
  #lost: ReportError | null = null;
  readonly #rung = new Set<string>();
  readonly #flags: FlagValues;
  readonly #cwd: string;
  readonly #commands: AlertCommands;

  constructor(flags: FlagValues, context: CommandContext) {
    this.#flags = flags;
    this.#cwd = context.cwd;
    this.#commands = new AlertCommands(flags, context);
  }

  /** Whether the sentinel is there. */
  get isRaised(): boolean {
    return this.#written;
  }

  /** Why the sentinel is not there though it should be. */
  get lost(): readonly ReportError[] {
    return this.#lost === null ? [] : [this.#lost];
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

  /** Writes the sentinel and starts the command, whether or not the sentinel can be written. */
  raise(run: string, alerting: ReportStep): void {
    const { step } = alerting;
    // Written again since, it no longer alerts; it may again.
    if (this.#deciding(alerting).length === 0) this.#rung.delete(keyOf(run, step));
    if (!this.isDue(run, alerting)) return;
    this.#rung.add(keyOf(run, step));
    const messages = this.#deciding(alerting).map(({ message }) => message);
    this.#sentinel ??= `${JSON.stringify({ run, step, messages })}\n`;
    this.writeSentinel();
    this.#commands.add({ run, step, messages });
  }

  /** Tries to write the sentinel where it is due and not there. */
  writeSentinel(): void {
    const { sentinel } = this.#flags;
    if (sentinel === undefined || this.#sentinel === null || this.#written) return;
    const path = resolve(this.#cwd, sentinel);
    try {
      removeTemporaries(path);
      writeFileAtomic(path, this.#sentinel, { makesFolder: true });
      this.#written = true;
      this.#lost = null;
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#lost = { ...toReportError(error), message: `the sentinel: ${error.message}`, path: sentinel };
    }
  }

  /** Waits for the commands, until `hurry` resolves, and no longer than `graceMs` where that is given. */
  finish(graceMs: number | null, hurry: Promise<void>): Promise<void> {
    return this.#commands.finish(graceMs, hurry);
  }

  /** Kills the command that runs: the process is about to end. */
  kill(): void {
    this.#commands.kill();
  }

  #deciding({ alerts }: ReportStep): ReportStep['alerts'] {
    return alerts.filter(({ level }) => level === 'error' || this.#flags.failOn === 'warn');
  }
}

function keyOf(run: string, step: number | null): string {
  return JSON.stringify([run, step]);
}
