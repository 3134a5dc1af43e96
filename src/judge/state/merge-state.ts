import { isDeepStrictEqual } from 'node:util';
import { StateError, stepName } from '#errors.js';
import type { StepHorizons, StepRecord } from '#report/record.js';
import type { Judging, State } from '#report/state.js';
import { byStep, haveSameSettings, refuseMixture, settingsApart } from '../refuse-mixture.js';

export interface MergeRequest {
  /** null: there is no state yet. */
  readonly state: State | null;
  /** The runs of this invocation, with the steps it measured. */
  readonly incoming: ReadonlyMap<string, readonly StepRecord[]>;
  readonly judging: Judging;
  /** Takes older steps, other numbers and other rules, and judges everything again. */
  readonly rejudge: boolean;
  /** Takes older steps, and steps of which another file has come, and judges those after them again. */
  readonly takesLateSteps?: boolean;
  /** Runs whose job went back to an earlier step: their steps may come again with other numbers. */
  readonly rolledBack?: ReadonlySet<string>;
}

/**
 * Merges remembered and new records into one state. A step that is already there with the same numbers changes nothing.
 * Throws `StateError` E404 where the rules or the settings of the measurement are others than those remembered, a
 * new step is older than the newest remembered one, or a remembered step comes with other numbers.
 */
export function mergeState(request: MergeRequest): State {
  const { state, incoming, judging, rejudge } = request;
  if (state !== null && !rejudge) refuseOtherRules(state.judging, judging);
  const runs = new Map((state?.runs ?? []).map(({ run, records }) => [run, records]));
  for (const [run, given] of incoming) {
    const measured = [...given].sort(byStep);
    refuseMixture(run, measured);
    runs.set(run, mergeRun(run, runs.get(run) ?? [], measured, request));
  }
  return { judging, runs: [...runs].map(([run, records]) => ({ run, records: [...records] })) };
}

function mergeRun(
  run: string,
  remembered: readonly StepRecord[],
  measured: readonly StepRecord[],
  { rejudge, takesLateSteps = false, rolledBack }: MergeRequest,
): StepRecord[] {
  const merged = new Map(remembered.map((record) => [record.step, record]));
  const newest = remembered.at(-1);
  const mayChange = rejudge || takesLateSteps || rolledBack?.has(run) === true;
  let compared: StepRecord['fingerprint'] | undefined;
  for (const record of measured) {
    const before = merged.get(record.step);
    const at = { path: run, step: record.step };
    const first = remembered[0];
    const isCompared = record.fingerprint === compared;
    compared = record.fingerprint;
    if (first !== undefined && !isCompared && !haveSameSettings(first, record)) {
      throw new StateError(
        'E404',
        `the records of ${run} in the state were measured with other settings: ${settingsApart(first.fingerprint, record.fingerprint)}`,
        {
          ...at,
          hint: 'measure with the same flags, or name another file to start anew',
          fields: { remembered: first.fingerprint, measured: record.fingerprint },
        },
      );
    }
    if (before !== undefined && isSame(before, record)) continue;
    if (!mayChange && before !== undefined) {
      throw new StateError(
        'E404',
        `${stepName(record.step)} of ${run} was judged before, with other numbers`,
        at,
      );
    }
    if (!mayChange && newest !== undefined && byStep(record, newest) < 0) {
      const message = `${stepName(record.step)} of ${run} is older than ${stepName(newest.step)}, the newest judged`;
      throw new StateError('E404', message, at);
    }
    // As it will be read back: JSON has no -0.
    merged.set(record.step, JSON.parse(JSON.stringify(record)));
  }
  return [...merged.values()].sort(byStep);
}

/** Of the rules that differ: a preset has a dozen. */
const MOST_SHOWN = 3;

function refuseOtherRules(remembered: Judging, asked: Judging): void {
  if (isDeepStrictEqual(remembered, asked)) return;
  const texts = ({ rules, ...rest }: Judging) => [
    ...rules.map(({ expression, level }) => `${expression} (${level})`),
    ...Object.entries(rest).map(([name, value]) => `${name} ${value}`),
  ];
  const [before, now] = [texts(remembered), texts(asked)];
  const only = (list: string[], other: string[]) => {
    const apart = list.filter((text) => !other.includes(text));
    if (apart.length === 0) return 'nothing else';
    const more = apart.length - MOST_SHOWN;
    return apart.slice(0, MOST_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
  };
  throw new StateError(
    'E404',
    `the state was judged by other rules: it has ${only(before, now)}; asked for is ${only(now, before)}`,
    { fields: { remembered, asked } },
  );
}

/** The last digits of a measurement differ between machines; what it was made of does not. */
const SAME_WITHIN = 1e-9;

function isSame(a: StepRecord, b: StepRecord): boolean {
  return (
    a.rows === b.rows &&
    a.dims === b.dims &&
    a.klRegSource === b.klRegSource &&
    sameHorizons(a.horizons, b.horizons) &&
    areNear(a.metrics, b.metrics) &&
    areNear(b.metrics, a.metrics)
  );
}

/** Compares the metrics that `a` has; one that `b` lacks is there without a value. */
function areNear(a: StepRecord['metrics'], b: StepRecord['metrics']): boolean {
  const ids = Object.keys(a) as (keyof typeof a)[];
  return ids.every((id) => isNear(a[id] ?? null, b[id] ?? null));
}

function sameHorizons(a: StepRecord['horizons'], b: StepRecord['horizons']): boolean {
  if (a === undefined || b === undefined) return a === b;
  const same = isDeepStrictEqual([a.size, a.numbers, a.rows], [b.size, b.numbers, b.rows]);
  const ids = Object.keys({ ...a.metrics, ...b.metrics }) as (keyof typeof a.metrics)[];
  return same && ids.every((id) => a.numbers.every((_, i) => isNear(at(a, id, i), at(b, id, i))));
}

function at({ metrics }: StepHorizons, id: keyof StepHorizons['metrics'], i: number): number | null {
  return metrics[id]?.[i] ?? null;
}

function isNear(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= SAME_WITHIN * Math.max(Math.abs(a), Math.abs(b));
}
