import type { OutputStream } from './context.js';

interface Progress {
  readonly done: number;
  readonly total: number;
  readonly run: string;
  readonly step: number | null;
}

const QUIET_MS = 500;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** Draws a line on a terminal's stderr that says how far a long measurement is; nothing for short ones or elsewhere. */
export function progressLine(stderr: OutputStream, enabled: boolean, now: () => number) {
  const started = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let visible = false;
  return {
    update({ done, total, step }: Progress): void {
      const at = now();
      if (!enabled || at - started < QUIET_MS || at - drawn < REDRAW_MS) return;
      drawn = at;
      visible = true;
      const left = ((at - started) / done) * (total - done);
      const name = step === null ? '' : ` (step ${step})`;
      stderr.write(`${CLEAR_LINE}measured ${done} of ${total} steps${name}, ${secondsText(left)} left`);
    },
    clear(): void {
      if (visible) stderr.write(CLEAR_LINE);
      visible = false;
    },
  };
}

function secondsText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
