import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptSteps } from '#report/kept-steps.js';
import type { StepRecord } from '#report/record.js';
import { stepRecord } from '../reporters/sample-reports.js';

const value = fc.oneof(
  fc.double(),
  fc.constantFrom(null, Number.NaN, -0, Number.POSITIVE_INFINITY, Number.MIN_VALUE),
);
const METRICS = ['pred_var_per_dim', 'target_var_per_dim', 'kl_reg', 'pred_r2', 'copy_skill'] as const;
const metrics = fc
  .tuple(fc.shuffledSubarray([...METRICS]), fc.array(value, { minLength: 5, maxLength: 5 }))
  .map(([ids, values]) => Object.fromEntries(ids.map((id, i) => [id, values[i]])));
const step = fc.oneof(fc.nat(), fc.constantFrom(null, 0, 0.5, 16, 1e15));
const path = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('run/step_16/p.npy', 'run/step_00016/p_16.npy', '16'),
);

const record: fc.Arbitrary<StepRecord> = fc
  .record({
    step,
    metrics,
    path,
    digest: fc.constantFrom(undefined, '0001f3a9b2c4d5', 'ffffffffffffff', 'abc', ''),
    notes: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    rows: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ path, digest, ...own }) => ({
    ...stepRecord(0),
    ...own,
    inputs: { prediction: { path, key: 'k 16', dtype: 'float32', shape: [16, 2] } },
    ...(digest === undefined ? {} : { digest }),
  }));

describe('KeptSteps', () => {
  it('gives back what reads, copies and prints as the records do', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const keeper = new KeptSteps();
        const kept = records.map((one) => keeper.keep(one));
        expect(kept.map((one) => ({ ...one }))).toEqual(records);
        expect(kept.map((one) => Object.keys(one))).toEqual(records.map((one) => Object.keys(one)));
        expect(JSON.stringify(kept)).toBe(JSON.stringify(records));
        expect(structuredClone(kept)).toEqual(records);
        for (const [i, { metrics }] of kept.entries()) {
          const own = records[i]!.metrics;
          expect(Object.entries(metrics)).toEqual(Object.entries(own));
        }
      }),
    );
  });

  it.each([
    ['numbers with zeros before them', (i: number) => `run/step_${String(i).padStart(5, '0')}/p.npy`],
    ['numbers without', (i: number) => `run/epoch_${i}/p_${i}.npy`],
    ['one file of all steps', () => 'run.parquet'],
  ])('makes the paths of 10,000 steps of one text: %s', (_, pathAt) => {
    const keeper = new KeptSteps();
    const kept = Array.from({ length: 10_000 }, (_, i) => {
      const inputs = { prediction: { path: pathAt(i), dtype: 'float32', shape: [64, 32] } };
      return keeper.keep({ ...stepRecord(i), inputs });
    });
    for (const [i, { inputs }] of kept.entries()) expect(inputs.prediction?.path).toBe(pathAt(i));
  });

  it('takes what is written to a step, as a plain record does', () => {
    const [one, other] = [16, 17].map((number) => new KeptSteps().keep(stepRecord(number)));
    Object.assign(one!, { rows: 7, step: 3 });
    expect([one!.rows, one!.step, other!.rows, other!.step]).toEqual([7, 3, stepRecord(17).rows, 17]);
  });

  it('takes less than a quarter of the bytes of a record', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const bytesOf = (keep: (record: StepRecord) => StepRecord) => {
      const made: StepRecord[] = [];
      collect();
      const before = process.memoryUsage();
      for (let i = 0; i < 10_000; i++) {
        const { run, metrics, fingerprint: _, ...own } = stepRecord(i);
        const numbers = Object.fromEntries(Object.keys(metrics).map((id, k) => [id, i + 0.5 ** k]));
        made.push(keep({ ...own, run, metrics: numbers, fingerprint }));
      }
      collect();
      const after = process.memoryUsage();
      expect(made).toHaveLength(10_000);
      return (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / made.length;
    };
    const { fingerprint } = stepRecord(0);
    const keeper = new KeptSteps();
    expect(bytesOf((record) => keeper.keep(record))).toBeLessThan(0.25 * bytesOf((record) => record));
  });
});
