import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '#errors.js';
import { isRunning, ownIdentity } from './process-identity.js';
import { realPath } from './real-path.js';
import { isMissing, systemCode, systemReason } from './system-error.js';

/**
 * Writes a file whole or not at all: a temporary file in the same folder, flushed, then renamed over `path`.
 * A symbolic link is followed and stays; the mode of a replaced file is kept. What is no regular file
 * (`/dev/null`, a FIFO) is written to directly. With `makesFolder` a missing folder is made, with those above it. Throws
 * `OutputError` E401 with its cause; no part of a file is left behind.
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { makesFolder = false }: { readonly makesFolder?: boolean } = {},
): void {
  try {
    if (makesFolder) makeFolders(dirname(path));
    const target = existing(path);
    if (target?.isFIFO()) writeToReader(path, content);
    else if (target !== null && !target.isFile()) writeFileSync(path, content);
    else replace(realPath(path), content, target === null ? null : target.mode & 0o7777);
  } catch (cause) {
    throw new OutputError('E401', `cannot write: ${systemReason(cause)}`, {
      path,
      cause,
      fields: { systemCode: systemCode(cause) },
    });
  }
}

/** How long a FIFO may wait for whoever reads it, such as the other part of a shell's `>(…)`. */
const READER_MS = 2000;

/** Writes to a FIFO that somebody reads; opening one that nobody does would wait for ever. */
function writeToReader(path: string, content: string | Uint8Array): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const began = performance.now(); ; Atomics.wait(pause, 0, 0, 20)) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        // By another descriptor, because this one does not wait where the pipe is full.
        writeFileSync(path, content);
        return;
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      if (systemCode(cause) !== 'ENXIO' || performance.now() - began > READER_MS) throw cause;
    }
  }
}

/** Node's own, where a part of the path is a file or lies in /proc, may not come to an end. */
function makeFolders(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; existing(at) === null && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const at of missing.reverse()) {
    try {
      mkdirSync(at);
    } catch (cause) {
      // Another process was first.
      if (systemCode(cause) !== 'EEXIST') throw cause;
    }
  }
}

function existing(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

function replace(path: string, content: string | Uint8Array, mode: number | null): void {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(path));
  const fd = openSync(temporary, 'wx');
  try {
    try {
      if (mode !== null) fchmodSync(fd, mode);
      writeFileSync(fd, content);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (cause) {
    unlinkSync(temporary);
    throw cause;
  }
  flushFolder(folder);
}

/** How old what another machine left behind is, at least, before anybody takes it for abandoned. */
const ABANDONED_MS = 3_600_000;

/** Removes the temporary files that killed writers of `path` left behind; those of writers that still run stay. */
export function removeTemporaries(path: string): void {
  const real = realPath(path);
  const folder = dirname(real);
  const prefix = temporaryPrefix(real);
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(prefix) && isAbandoned(folder, name, name.slice(prefix.length))) {
        unlinkSync(join(folder, name));
      }
    }
  } catch {
    // They do no harm.
  }
}

function isAbandoned(folder: string, name: string, rest: string): boolean {
  const match = /^(?:([0-9a-f]+)~(\d+)~(\d+|x)~)?[0-9a-f-]{36}\.tmp$/.exec(rest);
  if (match === null) return false;
  const [, place = '', pid = '', start = ''] = match;
  const running = place === '' ? null : isRunning({ place, pid: Number(pid), start });
  return running === null ? Date.now() - statSync(join(folder, name)).mtimeMs > ABANDONED_MS : !running;
}

/** Short enough for the longest name that a file system takes. */
function temporaryPrefix(path: string): string {
  return `.${basename(path).slice(0, 40)}.`;
}

function temporaryName(path: string): string {
  const { place, pid, start } = ownIdentity();
  return `${temporaryPrefix(path)}${place}~${pid}~${start}~${randomUUID()}.tmp`;
}

/** Makes the rename itself survive a power cut; some systems cannot, and the file is whole either way. */
function flushFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Best effort.
  }
}
