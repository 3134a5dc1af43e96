import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { holding, memoryTree } from './memory-tree.js';

const matrix = [16, 8] as const;
type Arrays = Parameters<typeof holding>[0];

/** `branch step role=key …` of each step, or the codes of what is in the way. */
async function found(
  arrays: Arrays,
  request: Partial<DiscoveryRequest> = {},
  path = 'run/all.npz',
): Promise<readonly string[]> {
  const { runs, errors } = await discoverRuns(
    { paths: ['run'], ...request },
    memoryTree({ [path]: holding(arrays) }),
  );
  const codes = [...errors, ...runs.flatMap((run) => run.errors)].map(({ code }) => code);
  if (codes.length > 0) return codes;
  return runs.flatMap(({ marks, steps }) =>
    steps.map(({ step, inputs }) =>
      [
        marks.branch ?? '',
        step,
        ...Object.entries(inputs)
          .map(([role, { key }]) => `${role}=${key}`)
          .sort(),
      ]
        .join(' ')
        .trim(),
    ),
  );
}

const pairs = (name: (role: string, i: string) => string, numbers: readonly string[]): Arrays =>
  Object.fromEntries(numbers.flatMap((i) => ['pred', 'target'].map((role) => [name(role, i), matrix])));

describe('a file whose keys name steps has them all', () => {
  test.each([
    ['evenly spaced', (role: string, i: string) => `${role}_${i}`, ['100', '200', '300']],
    ['after a word', (role: string, i: string) => `${role}_step${i}`, ['5', '7']],
    ['in groups', (role: string, i: string) => `step_${i}/${role}`, ['5', '7']],
    ['of a dict by steps', (role: string, i: string) => `${i}.${role}`, ['500', '1000', '1500']],
    ['with a unit', (role: string, i: string) => `${role}_${i}`, ['1k', '3k']],
    ['epochs from 0 on', (role: string, i: string) => `${role}/epoch${i}`, ['0', '1', '2']],
  ])('%s', async (_, name, numbers) => {
    const steps = numbers.map((text) => Number(text.replace('k', '000')));
    expect(await found(pairs(name, numbers))).toEqual(
      steps.map(
        (step, i) => `${step} prediction=${name('pred', numbers[i]!)} target=${name('target', numbers[i]!)}`,
      ),
    );
  });

  test('with its masks, and what belongs to all', async () => {
    const arrays = {
      ...pairs((role, i) => `${role}_step${i}`, ['5', '7']),
      valid_mask_step5: [16],
      valid_mask_step7: [16],
      kl_reg_step7: { values: [1] },
      labels: [16],
    } as const;
    expect(await found(arrays)).toEqual([
      '5 label=labels mask=valid_mask_step5 prediction=pred_step5 target=target_step5',
      '7 kl_reg=kl_reg_step7 label=labels mask=valid_mask_step7 prediction=pred_step7 target=target_step7',
    ]);
    expect((await found(arrays, { noMask: true }))[0]).not.toContain('mask');
    const unclear = { ...pairs((role, i) => `${role}_step${i}`, ['5', '7']), loss_mask: [16] } as const;
    expect(await found(unclear)).toEqual(['E227']);
  });

  test('a list of dicts by the number that each holds', async () => {
    const arrays = {
      ...pairs((role, i) => `${i}.${role}`, ['0', '1']),
      '0.step': { values: [40] },
      '1.step': { values: [20] },
    };
    expect(await found(arrays, {}, 'run/log.pt')).toEqual([
      '20 prediction=1.pred target=1.target',
      '40 prediction=0.pred target=0.target',
    ]);
  });

  test('of embeddings alone, and of files that hold one role each', async () => {
    const numbers = ['100', '200', '300'];
    const alone = (name: string) => Object.fromEntries(numbers.map((i) => [`${name}${i}`, matrix]));
    expect(await found(alone('emb_'))).toEqual(numbers.map((i) => `${i} prediction=emb_${i}`));
    expect(await found(alone(''))).toEqual(numbers.map((i) => `${i} prediction=${i}`));
    const { runs } = await discoverRuns(
      { paths: ['run'] },
      memoryTree({ 'run/preds.npz': holding(alone('')), 'run/targets.npz': holding(alone('')) }),
    );
    expect(
      runs[0]!.steps.map(({ step, inputs }) => [step, inputs.prediction?.path, inputs.target?.path]),
    ).toEqual(numbers.map((i) => [Number(i), 'run/preds.npz', 'run/targets.npz']));
  });
});

describe('a file whose keys count 0, 1, 2 asks what they are', () => {
  const three = pairs((role, i) => `${role}.${i}`, ['0', '1', '2']);

  test('steps, or parts that are judged each by itself', async () => {
    expect(await found(three)).toEqual(['E304']);
    expect(await found(three, { siblings: 'steps' })).toEqual(
      [0, 1, 2].map((i) => `${i} prediction=pred.${i} target=target.${i}`),
    );
    expect(await found(three, { siblings: 'runs' })).toEqual(
      [0, 1, 2].map((i) => `all/${i}  prediction=pred.${i} target=target.${i}`),
    );
  });
});

test.each([
  ['layers', pairs((role, i) => `layer${i}.${role}`, ['2', '4', '6'])],
  ['horizons', pairs((role, i) => `${role}_h${i}`, ['1', '2', '4'])],
  ['two views', pairs((role, i) => `${role}_${i}`, ['1', '2'])],
])('%s in the keys of a file are branches', async (_, arrays) => {
  const lines = await found(arrays);
  expect(lines).toHaveLength(Object.keys(arrays).length / 2);
  for (const line of lines) expect(line).toMatch(/^all\/\S+ {2}prediction/);
});

test('the keys of a file that names its step, or has a step column, name none', async () => {
  const arrays = pairs((role, i) => `${role}_${i}`, ['100', '200', '300']);
  expect(await found(arrays, {}, 'run/step_5.npz')).toEqual(
    ['100', '200', '300'].map((i) => `${i} 5 prediction=pred_${i} target=target_${i}`),
  );
});
