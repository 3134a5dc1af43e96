import { expect, it } from 'vitest';
import type { ReportError } from '#report/types.js';
import { groupErrors } from '#reporters/view/group-errors.js';

const error = (step: number, message: string, more: Partial<ReportError> = {}): ReportError => ({
  code: 'E212',
  run: 'run',
  step,
  message,
  path: `run/step_${step}/h.npy`,
  ...more,
});

it('joins errors that differ in their step alone, also where the message names it', () => {
  const grouped = groupErrors([
    error(6, "cannot choose: 'run/step_0006/h.npy'", { hint: 'see step 6' }),
    error(70, "cannot choose: 'run/step_0070/h.npy'", { hint: 'see step 70' }),
    error(70, "cannot choose: 'run/step_0070/h.npy'", { hint: 'see step 70' }),
  ]);
  expect(grouped.map(({ message, steps }) => [message, steps])).toEqual([
    ["cannot choose: 'run/step_0006/h.npy'", 'steps 6, 70'],
  ]);
});

it('keeps apart what differs in another number, another run or another name', () => {
  const messages = [
    error(6, '4 rows at step 6'),
    error(7, '5 rows at step 7'),
    error(6, '4 rows at step 6', { run: 'other' }),
    error(6, '4 columns at step 6'),
    error(6, '16 rows'),
    error(7, '17 rows'),
  ];
  expect(groupErrors(messages)).toHaveLength(messages.length);
});

it('a number that is the step of one error by chance keeps none apart', () => {
  const messages = [1, 2, 3].map((step) => error(step, `which of 'z1', 'z2' in step_0${step}.npz?`));
  expect(groupErrors(messages)).toMatchObject([{ steps: 'steps 1, 2, 3' }]);
  expect(groupErrors([error(1, 'which of z3, z2?'), error(2, 'which of z2, z2?')])).toHaveLength(2);
});
