import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '#errors.js';
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
    if (makesFolder) mkdirSync(dirname(path), { recursive: true });
    const target = existing(path);
    if (target !== null && !target.isFile()) writeFileSync(path, content);
    else if (target === null) replace(path, content, null);
    else replace(realpathSync(path), content, target.mode & 0o7777);
  } catch (cause) {
    throw new OutputError('E401', `cannot write: ${systemReason(cause)}`, {
      path,
      cause,
      fields: { systemCode: systemCode(cause) },
    });
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
  const temporary = join(folder, `${temporaryPrefix(path)}${randomUUID()}.tmp`);
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

/**
 * Removes the temporary files that killed writers of `path` left behind. Only for a caller that knows that nobody
 * writes it now.
 */
export function removeTemporaries(path: string): void {
  const folder = dirname(path);
  const prefix = temporaryPrefix(path);
  try {
    for (const name of readdirSync(folder)) {
      const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (/^[0-9a-f-]{36}\.tmp$/.test(rest)) unlinkSync(join(folder, name));
    }
  } catch {
    // They do no harm.
  }
}

function temporaryPrefix(path: string): string {
  return `.${basename(path).slice(0, 100)}.`;
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
