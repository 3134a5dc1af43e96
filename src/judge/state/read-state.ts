import { identity } from '#discovery/names/tree-path.js';
import { InputError, StateError } from '#errors.js';
import { isOther, readText, sizeOf } from '#io/read-text.js';
import type { StepRecord } from '#report/record.js';
import { parseState, type State, type WrittenState } from '#report/state.js';

/** What reading and judging take of a byte of a state: measured with 700 to 2,300 bytes a record. */
const TO_JUDGE = 7;
/** What the engine leaves of the 150 MiB that a process may take beside its budget. */
const SLACK = 2 ** 26;

/**
 * Reads a state file as it is on the disk; null where there is none yet. Throws `InputError` E220 where that takes more than
 * `maxMemory` bytes, before it is read.
 *
 * @param file Absolute.
 * @param shown As the user named it: errors name this one.
 */
export async function readState(
  file: string,
  shown: string,
  maxMemory = Number.POSITIVE_INFINITY,
): Promise<WrittenState | null> {
  const text = readIfThere(file, shown, (bytes) => {
    const needed = bytes * TO_JUDGE - SLACK;
    if (needed <= maxMemory) return;
    const message = `a state of ${bytes} bytes takes ${needed} bytes to judge; the budget is ${maxMemory}`;
    const hint = `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or begin another state`;
    throw new InputError('E220', message, { path: shown, hint, fields: { needed, budget: maxMemory } });
  });
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

function readIfThere(file: string, shown: string, check: (bytes: number) => void): string | null {
  // Reading a FIFO or a device may never end.
  if (isOther(file)) {
    throw new StateError('E403', 'not a whole state file: it is not a regular file', { path: shown });
  }
  try {
    check(sizeOf(file));
    return readText(file);
  } catch (cause) {
    if (cause instanceof InputError && cause.code === 'E201') return null;
    if (cause instanceof InputError && cause.code === 'E220') throw cause;
    throw cause instanceof InputError
      ? new InputError('E202', cause.message, { path: shown, cause, fields: cause.fields })
      : cause;
  }
}
