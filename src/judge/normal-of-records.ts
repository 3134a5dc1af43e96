import { InputError, NoDataError, UsageError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { cadenceOf, commonMetrics, joinedIdentity, type KeptRun, keepRun } from '#normal/calibrate.js';
import { identityApart, identityOf } from '#normal/identity.js';
import { mostLost, runsFor } from '#normal/reference-runs.js';
import { hashOf, type Normal, type NormalRun, type ReferenceData } from '#report/normal.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import { byStep, refuseMixture } from './refuse-mixture.js';

/** The step records of each run, ascending. Throws `InputError` E232 and E233 as `gate` does. */
export function runsOfRecords(records: Iterable<MeasureRecord>): Map<string, StepRecord[]> {
  const runs = new Map<string, StepRecord[]>();
  for (const record of records) {
    if (record.type !== 'step') continue;
    const steps = runs.get(record.run) ?? [];
    if (steps.length === 0) runs.set(record.run, steps);
    steps.push(record);
  }
  for (const [run, steps] of runs) refuseMixture(run, steps.sort(byStep));
  return new Map([...runs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Makes a normal of the records of healthy runs, the same whatever their order.
 *
 * @param only The metrics to keep, of those that all runs have.
 * @throws UsageError E106 for fewer runs than the level takes; InputError E236 for runs of different things and E232 for
 * one run twice; NoDataError where a run has fewer than two steps, or the runs no metric in common.
 */
export function normalOf(
  records: Iterable<MeasureRecord>,
  alpha: number,
  version: string,
  only?: readonly MetricId[],
): Normal {
  const runs = [...runsOfRecords(records)];
  refuseFew(runs.length, alpha);
  const identities = runs.map(([run, steps]) => ({ run, identity: identityOf(steps) }));
  for (const { run, identity } of identities.slice(1)) {
    const apart = identityApart(identities[0]!.identity, identity);
    if (apart === null) continue;
    throw new InputError('E236', `${identities[0]!.run} and ${run} are not runs of one recipe: ${apart}`, {
      path: run,
    });
  }
  const common = commonMetrics(runs.map(([, steps]) => steps));
  const metrics = only === undefined ? common : common.filter((id) => only.includes(id));
  const kept = runs.map(([run, steps]) => hashed(keepRun(run, steps, metrics)));
  const short = kept.find(({ steps }) => steps.length < 2);
  if (short !== undefined) {
    throw new NoDataError('E302', 'a curve takes two steps with a number greater than 0', {
      path: short.run,
    });
  }
  if (metrics.length === 0) {
    throw new NoDataError('E305', 'no metric has a value in all runs, at two steps of each');
  }
  refuseCopies(kept);
  return {
    type: 'embedding-collapse normal',
    version: 1,
    tool: { name: 'embedding-collapse', version },
    alpha,
    identity: joinedIdentity(identities.map(({ identity }) => identity)),
    cadence: cadenceOf(kept),
    metrics,
    runs: kept,
  };
}

/** Makes a reference of one run's records: its curves, without a level. */
export function goldenRun(
  run: string,
  records: readonly StepRecord[],
): Pick<ReferenceData, 'alpha' | 'identity' | 'metrics' | 'runs'> {
  const metrics = METRIC_IDS.filter((id) => records.some((record) => record.metrics[id] != null));
  return {
    alpha: null,
    identity: identityOf(records),
    metrics,
    runs: [hashed(keepRun(run, records, metrics))],
  };
}

/** Throws `InputError` E235 where a normal that was read cannot promise its level: a run twice, or too few runs. */
export function checkPromise({ runs, alpha, identity }: Normal, path: string): void {
  const hashes = new Set(runs.map(({ hash }) => hash));
  const { least, most } = identity.rows;
  const refuse = (why: string): never => {
    throw new InputError('E235', `not a reference: ${why}`, { path });
  };
  if (hashes.size < runs.length) refuse('it has a run twice');
  if (mostLost(runs.length, alpha) < 0) refuse(`${runs.length} runs cannot promise an alpha of ${alpha}`);
  if (least > most) refuse(`it is of ${least} to ${most} rows`);
}

function hashed({ run, ...held }: KeptRun): NormalRun {
  return { run, hash: hashOf(held), ...held };
}

function refuseFew(runs: number, alpha: number): void {
  if (runs < 2) {
    throw new UsageError(
      'E106',
      `calibrate takes two runs or more, and there is ${runs === 1 ? 'one' : 'none'}`,
      {
        hint: '`collapse diff A B` compares a run with one golden run; `--reference` takes the records of one as well',
        fields: { runs },
      },
    );
  }
  if (mostLost(runs, alpha) >= 0) return;
  const least = 1 / (runs + 1);
  throw new UsageError(
    'E106',
    `${runs} runs can promise --alpha ${shortLevel(least)} at best; ${alpha} takes ${runsFor(alpha)} runs`,
    { hint: `give --alpha ${shortLevel(least)}, or more runs of the recipe`, fields: { runs, alpha } },
  );
}

/** Writes a level so that it is not below what can be kept: 1/3 as 0.334. */
function shortLevel(level: number): string {
  return String(Math.ceil(level * 1000 - 1e-9) / 1000);
}

function refuseCopies(runs: readonly NormalRun[]): void {
  const seen = new Map<string, string>();
  for (const { run, hash } of runs) {
    const same = seen.get(hash);
    seen.set(hash, run);
    if (same === undefined) continue;
    const message = `${same} and ${run} have the same numbers at all steps: a copy is no further run`;
    throw new InputError('E232', message, { path: run });
  }
}
