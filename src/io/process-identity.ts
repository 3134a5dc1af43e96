import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';

/** A process, distinct from every other that ever had its number. */
export interface ProcessIdentity {
  /** The machine since it was started, and the space that process numbers are counted in. */
  readonly place: string;
  readonly pid: number;
  /** When it was started, in the system's own ticks; 'x' where the system does not say. */
  readonly start: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= { place: placeId(), pid: ownPid, start: statusOf(ownPid)?.start ?? 'x' };
  return own;
}

/** Tests whether a process still runs; null where that cannot be known from here: another machine, or a reused number. */
export function isRunning({ place, pid, start }: ProcessIdentity): boolean | null {
  if (place !== ownIdentity().place) return null;
  if (start !== 'x') {
    const status = statusOf(pid);
    return status !== null && status.start === start && !'ZX'.includes(status.state);
  }
  try {
    kill(pid, 0);
    return null;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH' ? false : null;
  }
}

function placeId(): string {
  const boot = orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const space = orEmpty(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update([hostname(), boot, space].join('\n')).digest('hex').slice(0, 12);
}

/** Reads Linux's /proc; the name in brackets may have brackets and spaces in it. */
function statusOf(pid: number): { readonly state: string; readonly start: string } | null {
  const text = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const start = fields[19];
  return state === undefined || start === undefined ? null : { state, start };
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
