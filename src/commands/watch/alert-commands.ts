import { type RunningCommand, startCommand } from '#io/run-command.js';
import type { FlagValues } from '#options/flags.js';
import { formatWarning } from '#reporters/terminal/error-block.js';
import type { CommandContext } from '../input/context.js';

const DEFAULT_LIMIT = 60_000;
/** An environment takes no more than 128 KiB in one variable. */
const MOST_MESSAGE = 32 * 2 ** 10;

interface Alert {
  readonly run: string;
  readonly step: number | null;
  readonly messages: readonly string[];
}

/** The commands of --on-alert: one after the other, beside the judging, each within its time. */
export class AlertCommands {
  readonly #command: string | undefined;
  readonly #limit: number;
  readonly #context: CommandContext;
  readonly #waiting: Alert[] = [];
  #running: RunningCommand | null = null;
  #done: Promise<void> = Promise.resolve();
  #isEnding = false;

  constructor({ onAlert, onAlertTimeout }: FlagValues, context: CommandContext) {
    this.#command = onAlert;
    this.#limit = onAlertTimeout ?? DEFAULT_LIMIT;
    this.#context = context;
  }

  /** Runs the command for an alert once those before it have ended; does not wait for it. */
  add(alert: Alert): void {
    if (this.#command === undefined) return;
    this.#waiting.push(alert);
    if (this.#waiting.length === 1 && this.#running === null) this.#done = this.#runAll(this.#command);
  }

  /**
   * Waits until they have ended, or one takes longer than it may, or `hurry` resolves; with `graceMs` no longer than that.
   * Stops what then still runs, and leaves out what waits.
   */
  async finish(graceMs: number | null, hurry: Promise<void>): Promise<void> {
    this.#isEnding = true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      if (graceMs !== null) timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#done, hurry, grace]);
    clearTimeout(timer);
    this.#dropWaiting();
    this.#running?.stop();
    await this.#done;
  }

  /** Kills the command that runs: the process is about to end. */
  kill(): void {
    this.#running?.kill();
  }

  async #runAll(command: string): Promise<void> {
    const { cwd, env, stderr } = this.#context;
    for (let alert = this.#waiting.shift(); alert !== undefined; alert = this.#waiting.shift()) {
      const { run, step, messages } = alert;
      const variables = {
        ...env,
        COLLAPSE_RUN: run,
        COLLAPSE_STEP: step === null ? '' : String(step),
        COLLAPSE_MESSAGE: messages.join('; ').slice(0, MOST_MESSAGE),
      };
      this.#running = startCommand(command, cwd, variables, this.#limit);
      const { code, output, isStopped } = await this.#running.ended;
      stderr.write(output);
      if (isStopped) this.#warn(`--on-alert did not end in time and was stopped: ${command}`);
      // The next would too.
      if (isStopped && this.#isEnding) this.#dropWaiting();
      if (isStopped) continue;
      if (code !== 0) this.#warn(`--on-alert ended with ${code ?? 'a signal'}: ${command}`);
    }
    this.#running = null;
  }

  #dropWaiting(): void {
    const left = this.#waiting.splice(0).length;
    if (left > 0) this.#warn(`the watch ended before --on-alert ran for ${left} more alerts`);
  }

  #warn(message: string): void {
    this.#context.stderr.write(formatWarning({ message }, { color: false }));
  }
}
