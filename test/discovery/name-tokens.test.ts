import { expect, test } from 'vitest';
import { numbersAfter, numbersIn, withoutTokens, wordsIn } from '#discovery/names/name-tokens.js';

test.each([
  ['step_000500', [['step', '_', '000500', '', '']]],
  ['jepa-ep5.npy', [['ep', '', '5', '', '']]],
  ['500k', [['', '', '500', '', 'k']]],
  ['500km', [['', '', '500', '', 'km']]],
  ['2.5e3', [['', '', '2', '.5', 'e3']]],
  [
    'zorps8e5',
    [
      ['zorps', '', '8', '', 'e'],
      ['e', '', '5', '', ''],
    ],
  ],
  ['epoch_0.5', [['epoch', '_', '0', '.5', '']]],
  [
    'Epoch3step500',
    [
      ['epoch', '', '3', '', 'step'],
      ['step', '', '500', '', ''],
    ],
  ],
  ['step---5', [['', '--', '5', '', '']]],
  ['prediction', []],
])('the numbers of %s', (name, expected) => {
  const found = numbersIn(name).map(({ word, joint, digits, fraction, unit, scale, power }) => [
    word,
    joint,
    digits,
    fraction,
    unit || (scale === 'e' ? '' : scale) || (power === 0 ? '' : `e${power}`),
  ]);
  expect(found).toEqual(expected);
});

test('a word counts a whole number that it stands beside', () => {
  const words = new Set(['step']);
  for (const name of ['step5', 'STEP_5.npy', 'a-step=5']) expect(numbersAfter(words, name)).toHaveLength(1);
  for (const name of ['timestep5', 'step__5', 'step5k', 'step5.5']) {
    expect([name, numbersAfter(words, name)]).toEqual([name, []]);
  }
});

test('what is left of a name without its numbers', () => {
  expect(withoutTokens('pred_step_5_rank0.npy', numbersIn('pred_step_5_rank0.npy'))).toBe('pred__.npy');
});

test('words of letters and digits', () => {
  expect(wordsIn('Pred-step500.npy')).toEqual(['pred', 'step500', 'npy']);
});
