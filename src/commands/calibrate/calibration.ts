import { runsOfRecords } from '#judge/normal-of-records.js';
import { identityApart, identityOf } from '#normal/identity.js';
import { PreparedRuns } from '#normal/reference-runs.js';
import { LASTING, ReferenceSeries } from '#normal/reference-series.js';
import type { Normal } from '#report/normal.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { BadRun, Calibration } from '#reporters/terminal/calibration.js';

/** Tells what a normal promises, and which of the runs that are known to have collapsed would be outside, since when. */
export function calibrationOf(normal: Normal, bad: readonly MeasureRecord[]): Calibration {
  const prepared = new PreparedRuns(normal);
  return {
    normal,
    least: 1 / (normal.runs.length + 1),
    judged: prepared.judged,
    firstStep: prepared.firstStep,
    lastStep: prepared.lastStep,
    bad: [...runsOfRecords(bad)].map(([run, records]) => badRun(run, records, normal, prepared)),
  };
}

function badRun(run: string, records: readonly StepRecord[], normal: Normal, prepared: PreparedRuns): BadRun {
  const apart = identityApart(normal.identity, identityOf(records));
  if (apart !== null) return { run, apart, since: null, metrics: [] };
  const series = new ReferenceSeries(prepared);
  const steps = records
    .filter(({ step }) => step !== null && step > 0)
    .map(({ step, metrics }) => ({ step, ...series.next(step, metrics) }));
  const outside = steps.find(({ lasts }) => lasts >= LASTING);
  return { run, apart: null, since: outside?.step ?? null, metrics: outside?.by ?? [] };
}
