import { type CollapseError, OutputError, StateError } from '#errors.js';
import { withLock } from '#io/lock.js';
import { realPath } from '#io/real-path.js';
import { hashOfReference } from '#report/normal.js';
import type { MeasureRecord, StepRecord, WarningRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import type { State } from '#report/state.js';
import type { Report } from '#report/types.js';
import { withErrors } from '#report/with-errors.js';
import type { ReadyPlan } from '../by-reference.js';
import { gate } from '../gate.js';
import { rulesOf } from '../rules-of-plan.js';
import { mergeState } from './merge-state.js';
import { readState } from './read-state.js';
import { type RollBackRequest, rollBack } from './roll-back.js';
import { saveState } from './save-state.js';

export interface StateRequest extends RollBackRequest {
  /** Absolute. */
  readonly path: string;
  /** As the user named it. */
  readonly shown: string;
  readonly rejudge: boolean;
  /** In bytes; unbounded unless said. */
  readonly maxMemory?: number;
  /** A step may be older than the newest remembered: whoever watches sees them as they become complete. */
  readonly takesLateSteps?: boolean;
  readonly timeoutMs?: number;
  /** Sees the report before anything is written: what it does is done at least once, also where the process is killed. */
  readonly onJudged?: ((report: Report) => void) | undefined;
}

/**
 * Judges, as `gate` does, the records of this invocation and those that earlier ones left in the state file, of the
 * runs that this invocation is about: the report is that of one invocation over all of them. The file is written under a
 * lock, and only after everything in it could be judged; where something is wrong it stays as it is. Where it cannot be
 * written the report is the same, with that error.
 */
export async function gateWithState(
  records: readonly MeasureRecord[],
  options: ReadyPlan,
  version: string,
  {
    path,
    shown,
    rejudge,
    takesLateSteps = false,
    timeoutMs,
    resumeFrom,
    isGone,
    onJudged,
    maxMemory,
  }: StateRequest,
): Promise<Report> {
  const file = realPath(path);
  const wait = timeoutMs === undefined ? {} : { timeoutMs };
  const judged = async () => {
    const stored = await readState(file, shown, maxMemory);
    const before = stored?.state ?? null;
    const { after, logEverySteps, initialPairwisePredDistMean } = options;
    const rules = [...rulesOf(options), ...options.outside].map(({ id, expression, level }) => ({
      id,
      expression,
      level,
    }));
    const reference = options.reference === null ? {} : { reference: hashOfReference(options.reference) };
    const judging = { rules, after, logEverySteps, ...reference, initialPairwisePredDistMean };
    const incoming = runsOf(records);
    const back = rollBack(before, incoming, { resumeFrom, isGone });
    const { state, runs: rolledBack } = back;
    const merged = mergeState({ state, incoming, judging, rejudge, takesLateSteps, rolledBack });
    const report = gate(
      [...recordsToJudge(records, merged, incoming), ...newRuns(state, incoming, shown), ...back.warnings],
      options,
      version,
      rememberedSteps(state),
    );
    return { report, save: () => saveState(file, stored, merged) };
  };
  const unsaved = (report: Report, error: CollapseError) =>
    withErrors(report, [{ ...toReportError(error), path: shown }]);
  try {
    return await withLock(
      file,
      async (lock) => {
        const { report, save } = await judged();
        onJudged?.(report);
        lock.verify();
        try {
          save();
        } catch (error) {
          if (error instanceof OutputError) return unsaved(report, error);
          throw error;
        }
        return report;
      },
      wait,
    );
  } catch (error) {
    // Where nothing can be written, there is no lock either, and no need of one.
    if (error instanceof StateError && error.code === 'E401') {
      const { report } = await judged();
      onJudged?.(report);
      return unsaved(report, error);
    }
    throw error instanceof StateError && (error.path === file || error.path === undefined)
      ? error.with({ path: shown })
      : error;
  }
}

/** Groups the records by the runs this invocation is about, among them those of which nothing could be read. */
function runsOf(records: readonly MeasureRecord[]): Map<string, StepRecord[]> {
  const runs = new Map<string, StepRecord[]>();
  for (const record of records) {
    if (record.type !== 'step' && record.type !== 'error') continue;
    if (record.run === undefined) continue;
    const steps = runs.get(record.run) ?? [];
    runs.set(record.run, steps);
    if (record.type === 'step') steps.push(record);
  }
  return runs;
}

function recordsToJudge(
  records: readonly MeasureRecord[],
  merged: State,
  incoming: ReadonlyMap<string, unknown>,
): MeasureRecord[] {
  const steps = merged.runs.flatMap(({ run, records: own }) => (incoming.has(run) ? own : []));
  return [...steps, ...records.filter(({ type }) => type !== 'step')];
}

/** Warns of runs that are new beside others: under another name a run begins anew, with a baseline of its own. */
function newRuns(
  state: State | null,
  incoming: ReadonlyMap<string, unknown>,
  shown: string,
): WarningRecord[] {
  const known = (state?.runs ?? []).map(({ run }) => run);
  if (known.length === 0) return [];
  const others = known.length === 1 ? known[0] : `${known[0]} and ${known.length - 1} more`;
  return [...incoming.keys()]
    .filter((run) => !known.includes(run))
    .map((run) => ({
      type: 'warning',
      run,
      message: `${shown} has ${others}, and not ${run}, which begins anew: a run is known by its path as it is given`,
    }));
}

function rememberedSteps(state: State | null): Map<string, Set<number | null>> {
  const runs = state?.runs ?? [];
  return new Map(runs.map(({ run, records }) => [run, new Set(records.map(({ step }) => step))]));
}
