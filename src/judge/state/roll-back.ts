import type { StepRecord, WarningRecord } from '#report/record.js';
import type { State } from '#report/state.js';
import { byStep } from '../refuse-mixture.js';

export interface RollBackRequest {
  /** Steps after this one are forgotten: the job went on from it. */
  readonly resumeFrom?: number | undefined;
  /** Tells whether a step's files are no longer there; absent where nobody can tell. */
  readonly isGone?: ((record: StepRecord) => boolean) | undefined;
}

export interface RolledBack {
  readonly state: State | null;
  /** The runs that went back: their steps may come again with other numbers. */
  readonly runs: ReadonlySet<string>;
  readonly warnings: readonly WarningRecord[];
}

/**
 * Forgets what a job that went back to an earlier checkpoint has left behind: of the runs of this invocation, the steps after
 * `resumeFrom`; without it, those after the newest step measured now, where none of them has a file any more and what was measured now has. A late
 * check, which measured before a newer step came, so forgets nothing: that step's files are there.
 */
export function rollBack(
  state: State | null,
  incoming: ReadonlyMap<string, readonly StepRecord[]>,
  { resumeFrom, isGone }: RollBackRequest,
): RolledBack {
  const runs = new Set<string>();
  const warnings: WarningRecord[] = [];
  if (state === null) return { state, runs, warnings };
  const kept = state.runs.map(({ run, records }) => {
    const measured = incoming.get(run);
    if (measured === undefined) return { run, records };
    const newest = [...measured].sort(byStep).at(-1);
    const last = resumeFrom ?? newest?.step ?? null;
    const later = last === null ? [] : records.filter(({ step }) => step !== null && step > last);
    const isBack =
      later.length > 0 &&
      (resumeFrom !== undefined || (isGone !== undefined && !measured.some(isGone) && later.every(isGone)));
    if (!isBack) return { run, records };
    runs.add(run);
    warnings.push({ type: 'warning', run, message: messageOf(later, last) });
    return { run, records: records.filter((record) => !later.includes(record)) };
  });
  return { state: { ...state, runs: kept }, runs, warnings };
}

function messageOf(later: readonly StepRecord[], last: number | null): string {
  const [first] = later;
  const end = later.at(-1);
  const steps =
    later.length === 1 ? `step ${first?.step}` : `${later.length} steps, ${first?.step} to ${end?.step},`;
  return `the run went back to step ${last}: ${steps} that came after it in the state ${later.length === 1 ? 'is' : 'are'} forgotten`;
}
