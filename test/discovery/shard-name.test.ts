import { expect, test } from 'vitest';
import { shardInName, withoutShard } from '#discovery/names/shard-name.js';

test.each([
  ['prediction_rank0.npy', 'rank', 0, null],
  ['pred-gpu=03.npy', 'gpu', 3, null],
  ['step_500_shard-00002-of-00008.npz', 'shard', 2, 8],
  ['shard_1_of_4_prediction.npy', 'shard', 1, 4],
  ['device7', 'device', 7, null],
  ['PART_12.arrow', 'part', 12, null],
  ['rank0_shard3.npy', 'shard', 3, null],
  ['tokens_0_of_8.npy', 'part', 0, 8],
])('%s is %s %i of %s', (name, word, number, of) => {
  expect(shardInName(name)).toEqual({ word, number, of });
});

test.each([
  'effectiverank3.npy',
  'prediction.npy',
  'rank.npy',
  'part1a.npy',
  'gpu_1.5.npy',
  'department4',
  'frank0',
  'epoch_3_of_90',
  'step3of90.npy',
])('%s names no rank', (name) => {
  expect(shardInName(name)).toBeNull();
});

test('a rank beyond 2^53 is refused', () => {
  expect(() => shardInName('rank99999999999999999999.npy')).toThrow(
    expect.objectContaining({ code: 'E222' }),
  );
});

test('a name without its rank', () => {
  expect(withoutShard('step_500_rank0')).toBe('step_500_');
});
