import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packed, unpacked, type WorkerResult } from '#measure/packed-results.js';
import type { MetricId } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import { recordsOf } from '../normal/records.js';

const IDS: readonly MetricId[] = ['pred_cos_mean', 'kl_reg', 'pred_r2'];

it('results come out as they went in, whatever they share, also through a clone', () => {
  const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const [{ fingerprint }] = recordsOf('run', Object.fromEntries(IDS.map((id) => [id, [0]]))) as [StepRecord];
  const step = fc.tuple(value, value, value, fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const results = steps.map(([a, b, c, isError, isNoted], i): WorkerResult => {
        const [record] = recordsOf('run', Object.fromEntries(IDS.map((id, j) => [id, [[a, b, c][j]!]])));
        const notes = isNoted ? ['prediction: flattened'] : [];
        const unavailable = c === null ? { pred_r2: 'needs a target' } : {};
        const outcome: StepRecord = { ...record!, step: i, notes, unavailable };
        return [
          i,
          { outcome: isError ? { type: 'error', code: 'E201', message: 'no' } : outcome, warnings: [] },
        ];
      });
      const found = unpacked(structuredClone(packed(results, IDS)), IDS, fingerprint);
      // -0 is a value of its own, and keys keep their order.
      expect(found).toStrictEqual(results);
      expect(JSON.stringify(found)).toBe(JSON.stringify(results));
    }),
  );
});
