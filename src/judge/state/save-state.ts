import { appendDurably } from '#io/append-durably.js';
import { removeTemporaries, writeFileAtomic } from '#io/atomic-write.js';
import { printAddition, printState, type State, type StateRuns, type WrittenState } from '#report/state.js';

/** Below this, additions may be longer than the head: a file that is small is read at once anyway. */
const LEAST_HEAD_BYTES = 2 ** 16;

/**
 * Writes what a state file lacks of a state: records that come after those in it are added at its end, and where additions
 * outgrow the head, or anything else has changed, the file is replaced as a whole. Throws `OutputError` E401.
 */
export function saveState(file: string, stored: WrittenState | null, next: State): void {
  const added = stored === null ? null : additionTo(stored, next);
  if (added?.length === 0) return;
  removeTemporaries(file);
  if (stored?.checksum != null && added != null) {
    const text = printAddition(stored.checksum, added);
    const tail = stored.wholeBytes - stored.headBytes + Buffer.byteLength(text);
    if (tail <= Math.max(stored.headBytes, LEAST_HEAD_BYTES) && appendDurably(file, text, stored.wholeBytes))
      return;
  }
  writeFileAtomic(file, printState(next));
}

/** Returns the records that a state has after those of another; null where more than that is different. */
function additionTo({ state }: WrittenState, next: State): StateRuns | null {
  const before = new Map(state.runs.map(({ run, records }) => [run, records]));
  if (JSON.stringify(state.judging) !== JSON.stringify(next.judging)) return null;
  const added: StateRuns[number][] = [];
  for (const { run, records } of next.runs) {
    const known = before.get(run) ?? [];
    if (known.length > records.length || known.some((record, i) => record !== records[i])) return null;
    if (records.length > known.length || !before.has(run))
      added.push({ run, records: records.slice(known.length) });
  }
  if (next.runs.length < before.size) return null;
  return added;
}
