import { identity } from '#discovery/names/tree-path.js';
import { InputError, StateError } from '#errors.js';
import { isOther, readText } from '#io/read-text.js';
import type { StepRecord } from '#report/record.js';
import { parseState, type State, type WrittenState } from '#report/state.js';

/**
 * Reads a state file as it is on the disk; null where there is none yet.
 *
 * @param file Absolute.
 * @param shown As the user named it: errors name this one.
 */
export async function readState(file: string, shown: string): Promise<WrittenState | null> {
  const text = readIfThere(file, shown);
  return text === null ? null : parseState(text, shown);
}

/** Collects the records of the runs that are one of these directories or below it. */
export function rememberedBelow(state: State | null, directories: readonly string[]): StepRecord[] {
  const roots = directories.map(identity);
  const runs = (state?.runs ?? []).filter(({ run }) => roots.some((root) => isBelow(run, root)));
  return runs.flatMap(({ records }) => records);
}

function isBelow(run: string, root: string): boolean {
  // Runs below the working directory are named without it.
  if (root === '.') return !/^(?:\/|\.\.(?:\/|$))/.test(run);
  return run === root || run.startsWith(root === '/' ? root : `${root}/`);
}

function readIfThere(file: string, shown: string): string | null {
  // Reading a FIFO or a device may never end.
  if (isOther(file)) {
    throw new StateError('E403', 'not a whole state file: it is not a regular file', { path: shown });
  }
  try {
    return readText(file);
  } catch (cause) {
    if (cause instanceof InputError && cause.code === 'E201') return null;
    throw cause instanceof InputError
      ? new InputError('E202', cause.message, { path: shown, cause, fields: cause.fields })
      : cause;
  }
}
