import { expect, it } from 'vitest';
import { rememberedBelow } from '#judge/state/read-state.js';
import { makeRecord } from '../judge/make-record.js';

const runs = ['run', 'run/a', 'running', '.', '../run', '/run', '/run/a'];
const state = {
  judging: { rules: [], after: 0, logEverySteps: 1, initialPairwisePredDistMean: null },
  runs: runs.map((run) => ({ run, records: [makeRecord({ run })] })),
};

it.each([
  [['run'], ['run', 'run/a']],
  [['./run/'], ['run', 'run/a']],
  [
    ['run/a', 'running'],
    ['run/a', 'running'],
  ],
  [['.'], ['run', 'run/a', 'running', '.']],
  [['..'], ['../run']],
  [['/run'], ['/run', '/run/a']],
  [['/'], ['/run', '/run/a']],
  [['elsewhere'], []],
])('below %j are the runs %j', (directories, expected) => {
  expect(rememberedBelow(state, directories).map(({ run }) => run)).toEqual(expected);
});

it('nothing is remembered without a state', () => {
  expect(rememberedBelow(null, ['.'])).toEqual([]);
});
