import { stepName } from '#errors.js';
import type { Remark, StepRecord } from '#report/record.js';

/** A number that was supplied so many times alike is none that a training job computes. */
const MIN_EQUAL = 3;

/**
 * Collects what no rule judges of one run, each remark once, from the first step it holds of: what was seen in a step's
 * arrays, arrays that are those of an earlier step, and a supplied kl_reg that never changes.
 *
 * @param records One run's, sorted by step.
 */
export function remarksOfRun(records: readonly StepRecord[]): Remark[] {
  const all = [
    ...records.flatMap(({ remarks = [] }) => remarks),
    ...repeated(records),
    ...constantKlReg(records),
  ];
  const byId = new Map<string, Remark[]>();
  for (const remark of all) {
    // The two sides of a pair are remarked on one by one.
    const key = `${remark.id} ${remark.message.replace(/\d+/g, '')}`;
    const same = byId.get(key);
    if (same === undefined) byId.set(key, [remark]);
    else same.push(remark);
  }
  return [...byId.values()].map((same) => {
    const [first] = same;
    const often = same.length === 1 ? '' : ` (at ${same.length} of ${records.length} steps)`;
    return { ...first!, message: first!.message + often };
  });
}

function repeated(records: readonly StepRecord[]): Remark[] {
  const first = new Map<string, StepRecord>();
  return records.flatMap((record) => {
    const { digest, step } = record;
    if (digest === undefined) return [];
    const earlier = first.get(digest);
    if (earlier === undefined) {
      first.set(digest, record);
      return [];
    }
    const name = record.inputs.target === undefined ? 'embeddings are' : 'prediction is';
    const message = `the ${name} identical to that of ${stepName(earlier.step)}: a file may be stale, or nothing was trained`;
    return [{ id: 'same_as_earlier_step', message, step }];
  });
}

function constantKlReg(records: readonly StepRecord[]): Remark[] {
  const supplied = records.filter(
    ({ klRegSource, fingerprint }) => klRegSource === 'supplied' && fingerprint.klReg !== 'supplied',
  );
  const [first] = supplied;
  const value = first?.metrics.kl_reg;
  if (first === undefined || supplied.length < MIN_EQUAL) return [];
  if (supplied.some(({ metrics }) => metrics.kl_reg !== value)) return [];
  const message = `the supplied kl_reg is constant, ${value} to the last bit at all ${supplied.length} steps that have one: it may not be updated`;
  return [{ id: 'constant_kl_reg', message, step: first.step }];
}
