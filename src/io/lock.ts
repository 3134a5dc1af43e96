import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateError } from '#errors.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';
import { isMissing, systemCode, systemReason } from './system-error.js';

export interface LockOptions {
  /** How long to wait for others; 30 s unless given. */
  readonly timeoutMs?: number;
  /** After how long the files of a process count as left behind where it cannot be asked; 120 s unless given. */
  readonly staleMs?: number;
}

export interface HeldLock {
  /** Throws `StateError` E402 where others took the lock for left behind, because it was held for too long. */
  verify(): void;
}

interface Claim {
  readonly name: string;
  /** null while its owner is still choosing a number. */
  readonly ticket: number | null;
  readonly owner: string;
  readonly process: ProcessIdentity;
}

/**
 * Runs `use` while no other process runs its own under the same `path`. Throws `StateError` E402 after waiting in
 * vain, E401 where the folder cannot be written.
 *
 * Lamport's bakery over a folder `path.lock`: whoever comes takes a number above all that are there, and the lowest
 * is next. A process only ever writes files named after itself, so that those of a killed one can be removed by
 * anybody at any time and never stand for another; there is no moment at which a kill wedges the lock.
 */
export async function withLock<T>(
  path: string,
  use: (lock: HeldLock) => T | Promise<T>,
  { timeoutMs = 30_000, staleMs = 120_000 }: LockOptions = {},
): Promise<T> {
  const folder = `${path}.lock`;
  const { place, pid, start } = ownIdentity();
  const owner = [place, pid, start, randomUUID()].join('~');
  const choosing = `choosing.${owner}`;
  let mine = '';
  try {
    claim(folder, choosing, path);
    const ticket = 1 + Math.max(0, ...claims(folder).map((other) => other.ticket ?? 0));
    mine = `${ticket}.${owner}`;
    claim(folder, mine, path);
    drop(folder, choosing);
    await myTurn(folder, { name: mine, ticket, owner, process: ownIdentity() }, path, timeoutMs, staleMs);
    return await use({
      verify() {
        if (!claims(folder).some(({ name }) => name === mine)) {
          throw new StateError('E402', 'the lock was held for too long and was taken over', { path });
        }
      },
    });
  } finally {
    drop(folder, choosing);
    if (mine !== '') drop(folder, mine);
    dropFolder(folder);
  }
}

async function myTurn(
  folder: string,
  mine: Claim & { readonly ticket: number },
  path: string,
  timeoutMs: number,
  staleMs: number,
): Promise<void> {
  const began = performance.now();
  const madeAt = timeOf(folder, mine.name) ?? Date.now();
  for (;;) {
    const waited = performance.now() - began;
    const live = () => claims(folder).filter((other) => !leftBehind(folder, other, madeAt + waited, staleMs));
    // Two looks: who chose a number between them is in the second, who had not begun will see mine.
    const first = live().find(({ ticket, owner }) => ticket === null && owner !== mine.owner);
    const ahead = first ?? live().find((other) => isBefore(other, mine));
    if (ahead === undefined) return;
    if (waited > timeoutMs) {
      throw new StateError('E402', `process ${ahead.process.pid} is using this state file`, {
        path,
        fields: { pid: ahead.process.pid, waitedMs: Math.round(waited) },
      });
    }
    await sleep(4 + 12 * Math.random());
  }
}

function isBefore(other: Claim, mine: Claim & { readonly ticket: number }): boolean {
  if (other.ticket === null || other.owner === mine.owner) return false;
  return other.ticket < mine.ticket || (other.ticket === mine.ticket && other.owner < mine.owner);
}

/** Tests for the file of a process that is no more, which is then removed. Times are the file system's own. */
function leftBehind(folder: string, other: Claim, now: number, staleMs: number): boolean {
  const running = isRunning(other.process);
  if (running === true) return false;
  const madeAt = timeOf(folder, other.name);
  if (running === null && madeAt !== null && now - madeAt <= staleMs) return false;
  drop(folder, other.name);
  return true;
}

function claims(folder: string): Claim[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
  return names.flatMap((name) => {
    const match = /^(choosing|\d{1,15})\.(([0-9a-f]+)~(\d+)~(\d+|x)~[0-9a-f-]+)$/.exec(name);
    if (match === null) return [];
    const [, number = '', owner = '', place = '', pid = '', start = ''] = match;
    const ticket = number === 'choosing' ? null : Number(number);
    return [{ name, ticket, owner, process: { place, pid: Number(pid), start } }];
  });
}

function claim(folder: string, name: string, path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      mkdirSync(folder, { recursive: false });
    } catch (cause) {
      if (systemCode(cause) !== 'EEXIST') throw unwritable(path, cause);
    }
    try {
      closeSync(openSync(join(folder, name), 'wx'));
      return;
    } catch (cause) {
      // Whoever left last removed the folder in between.
      if (!isMissing(cause) || attempt > 1000) throw unwritable(path, cause);
    }
  }
}

function unwritable(path: string, cause: unknown): StateError {
  return new StateError('E401', `cannot lock the state file: ${systemReason(cause)}`, {
    path,
    cause,
  });
}

function timeOf(folder: string, name: string): number | null {
  try {
    return statSync(join(folder, name)).mtimeMs;
  } catch {
    return null;
  }
}

function drop(folder: string, name: string): void {
  try {
    unlinkSync(join(folder, name));
  } catch {
    // Gone already.
  }
}

function dropFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others are in it, or have removed it.
  }
}
