import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBareStep, stepInName, stepInPath } from '#discovery/names/step-name.js';
import { InputError } from '#errors.js';

describe('stepInName', () => {
  test.each([
    ['step_000500', 500],
    ['step500', 500],
    ['step-500', 500],
    ['step=500', 500],
    ['STEP_5.npy', 5],
    ['pred_step500.npy', 500],
    ['global_step500', 500],
    ['iter_7', 7],
    ['iteration-7', 7],
    ['ckpt12', 12],
    ['checkpoint-500', 500],
    ['epoch3', 3],
    ['epoch=3-step=500', 500],
    ['step=500-epoch=3', 500],
    ['epoch3step500', 500],
    ['ckpt_1_iter_2', 2],
    ['epoch_1_ckpt_2', 2],
    ['from_step_100_to_step_200', 200],
    ['step_0', 0],
    ['step_9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is %d', (name, step) => expect(stepInName(name)).toBe(step));

  test.each([
    'timestep_500',
    'substep5',
    'steps_500',
    'step',
    'step_',
    'step__5',
    'step_-5',
    'step500k',
    'epoch_1.5',
    'stepé5',
    'éstep5',
    '500',
    'miter5',
    '',
  ])('%s names no step', (name) => expect(stepInName(name)).toBeNull());

  test('digits beyond 2^53 are E222', () => {
    expect(() => stepInName('step_9007199254740992')).toThrow(InputError);
    expect(() => stepInName(`step_${'9'.repeat(400)}`)).toThrow(/beyond 2\^53/);
    expect(stepInName(`step_${'0'.repeat(400)}7`)).toBe(7);
  });

  test('any step comes back from any spelling', () => {
    const word = fc.constantFrom('step', 'iter', 'iteration', 'ckpt', 'checkpoint', 'epoch', 'Step', 'EPOCH');
    const joint = fc.constantFrom('', '_', '-', '=');
    fc.assert(
      fc.property(fc.maxSafeNat(), word, joint, fc.nat(12), (step, keyword, between, padding) => {
        const name = `pred_${keyword}${between}${'0'.repeat(padding)}${step}.npy`;
        expect(stepInName(name)).toBe(step);
      }),
    );
  });

  test('never throws anything but InputError, and returns only steps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        try {
          const step = stepInName(name);
          expect(step === null || (Number.isSafeInteger(step) && step >= 0)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});

test('the nearest path component wins', () => {
  expect(stepInPath('step_1/epoch_2/prediction.npy')).toBe(2);
  expect(stepInPath('step_1/x/prediction.npy')).toBe(1);
  expect(stepInPath('a/b')).toBeNull();
});

test('isBareStep: nothing but the step', () => {
  expect(isBareStep('step_500')).toBe(true);
  expect(isBareStep('epoch=3-step=500')).toBe(true);
  expect(isBareStep('ids_step_500')).toBe(false);
  expect(isBareStep('')).toBe(false);
});
