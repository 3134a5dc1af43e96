import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StepRef } from '#discovery/names/step-ref.js';
import { packedSteps, unpackedSteps } from '#measure/packed-steps.js';

const path = fc.oneof(fc.string(), fc.constantFrom('run/step_00016/p.npy', 'run/e_16/p_16.npy'));
const input = fc.record({
  path,
  key: fc.option(path),
  rows: fc.option(fc.array(fc.tuple(fc.nat(), fc.nat()))),
  source: fc.constantFrom('array', 'metadata'),
});
const steps = fc.array(
  fc.record({
    step: fc.oneof(fc.nat(), fc.constantFrom(null, 16, 17, 0.5)),
    inputs: fc.record({ prediction: input, target: input }, { requiredKeys: ['prediction'] }),
  }),
) as fc.Arbitrary<StepRef[]>;

it('steps come out as they went in, also through a clone', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const found = unpackedSteps(structuredClone(packedSteps(given)));
      expect(found.map((step) => ({ ...step }))).toEqual(given);
    }),
  );
});

it('steps whose paths differ in their numbers are one text', () => {
  const given = Array.from({ length: 1000 }, (_, step): StepRef => {
    const at = `run/step_${String(step).padStart(4, '0')}/p.npy`;
    return { step, inputs: { prediction: { path: at, key: null, rows: null, source: 'array' } } };
  });
  const packed = packedSteps(given);
  expect(packed).toHaveLength(1);
  expect(unpackedSteps(packed).map((step) => ({ ...step }))).toEqual(given);
});
