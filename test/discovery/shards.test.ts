import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { RunRef } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import { holding, type MemoryFile, memoryTree } from './memory-tree.js';

async function only(
  files: Readonly<Record<string, MemoryFile>> | readonly string[],
  request: Partial<Parameters<typeof discoverRuns>[0]> = {},
): Promise<RunRef> {
  const { runs, errors } = await discoverRuns({ paths: ['run'], ...request }, memoryTree(files));
  expect(errors).toEqual([]);
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

/** `step role: path path …`, one line a role. */
function shown({ steps }: RunRef): string[] {
  return steps.flatMap(({ step, inputs }) =>
    Object.entries(inputs).map(([role, { path, key, parts }]) => {
      const places = (parts ?? [{ path, key }]).map(
        (part) => part.path + (part.key === null ? '' : `#${part.key}`),
      );
      return `${step} ${role}: ${places.join(' ')}`;
    }),
  );
}

const shards = (stem: string, numbers: readonly (number | string)[]): string[] =>
  numbers.map((number) => `run/${stem}${number}.npy`);

const told = ({ errors }: RunRef) => errors.map(({ code, step, message }) => `${code} ${step}: ${message}`);

describe('ranks of one role and step are one input, in rank order', () => {
  test.each(['rank', 'gpu_', 'shard-', 'device=', 'part', 'RANK_0'])('%s', async (word) => {
    const files = [
      ...shards(`step_5/prediction_${word}`, [1, 0, 2]),
      ...shards(`step_5/target_${word}`, [2, 1, 0]),
    ];
    const run = await only(files);
    expect(told(run)).toEqual([]);
    expect(shown(run).sort()).toEqual([
      `5 prediction: ${shards(`step_5/prediction_${word}`, [0, 1, 2]).join(' ')}`,
      `5 target: ${shards(`step_5/target_${word}`, [0, 1, 2]).join(' ')}`,
    ]);
    expect(run.steps[0]!.inputs.prediction!.parts!.map(({ shard }) => shard)).toEqual([0, 1, 2]);
  });

  test.each([
    ['-00000-of-00002', '-00001-of-00002'],
    ['_0_of_2', '_1_of_2'],
    ['.0of2', '.1of2'],
    ['_batch_0', '_batch_1'],
    ['_batch1', '_batch2'],
    ['_worker0', '_worker1'],
    ['-proc-0', '-proc-1'],
    ['_chunk.0', '_chunk.1'],
    ['_process_00', '_process_01'],
  ])('as frameworks write them: %s', async (first, second) => {
    const files = [first, second].flatMap((part) =>
      ['pred', 'target'].map((role) => `run/step_5/${role}${part}.npy`),
    );
    const run = await only(files);
    expect(told(run)).toEqual([]);
    expect(run.steps[0]!.inputs.prediction!.parts).toHaveLength(2);
  });

  test.each(['batch_0 batch_1', 'batch_0001 batch_0002'])('directories %s of a step', async (names) => {
    const of = (role: string) => names.split(' ').map((name) => `run/step_5/${name}/${role}.npy`);
    for (const paths of [['run'], [...of('pred'), ...of('target')]]) {
      const { runs } = await discoverRuns({ paths }, memoryTree([...of('pred'), ...of('target')]));
      expect(runs.flatMap(shown).sort()).toEqual([
        `5 prediction: ${of('pred').join(' ')}`,
        `5 target: ${of('target').join(' ')}`,
      ]);
    }
  });

  test('a batch that is a size is no part', async () => {
    const run = await only(['run/step_5/pred_batch256.npy', 'run/step_5/target_batch256.npy']);
    expect(run.steps[0]!.inputs.prediction).not.toHaveProperty('parts');
  });

  test('more than ten, by number and not by text', async () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i);
    const run = await only([...shards('pred_rank', numbers), 'run/target.npy']);
    expect(shown(run)[0]).toBe(`null prediction: ${shards('pred_rank', numbers).join(' ')}`);
  });

  test('numbered from 1', async () => {
    expect(told(await only([...shards('pred_rank', [1, 2]), ...shards('target_rank', [1, 2])]))).toEqual([]);
  });

  test('in directories below the step', async () => {
    const run = await only([
      'run/step_5/rank1/prediction.npy',
      'run/step_5/rank0/prediction.npy',
      'run/step_5/rank0/out/target.npy',
      'run/step_5/rank1/out/target.npy',
    ]);
    expect(shown(run)).toEqual([
      '5 prediction: run/step_5/rank0/prediction.npy run/step_5/rank1/prediction.npy',
      '5 target: run/step_5/rank0/out/target.npy run/step_5/rank1/out/target.npy',
    ]);
  });

  test('in the step directory itself, given side by side', async () => {
    const files = ['step_5_rank0', 'step_5_rank1'].flatMap((dir) =>
      ['prediction', 'target'].map((role) => `run/${dir}/${role}.npy`),
    );
    const expected = [
      '5 prediction: run/step_5_rank0/prediction.npy run/step_5_rank1/prediction.npy',
      '5 target: run/step_5_rank0/target.npy run/step_5_rank1/target.npy',
    ];
    expect(shown(await only(files))).toEqual(expected);
    const paths = ['run/step_5_rank0', 'run/step_5_rank1'];
    expect(shown(await only(files, { paths }))).toEqual(expected);
    expect(shown(await only(files, { paths: files }))).toEqual(expected);
  });

  test('directories of ranks above the steps are runs, as any directories are', async () => {
    const files = ['rank0', 'rank1'].flatMap((dir) => [
      `run/${dir}/step_5/prediction.npy`,
      `run/${dir}/step_5/target.npy`,
    ]);
    const { runs } = await discoverRuns({ paths: ['run'] }, memoryTree(files));
    expect(runs.map(({ run }) => run)).toEqual(['run/rank0', 'run/rank1']);
    expect(runs[0]!.warnings).toEqual([
      expect.stringMatching(/^'run\/rank0' names a rank and is measured as a run of its own;/),
    ]);
    const asFiles = await only(files, { paths: files });
    expect(asFiles.steps).toEqual([]);
    expect(asFiles.errors.map(({ code }) => code)).toEqual(['E215', 'E215']);
  });

  test('in containers, each with both roles', async () => {
    const both = holding({ prediction: [4, 8], target: [4, 8] });
    const run = await only({ 'run/step_5_rank0.npz': both, 'run/step_5_rank1.npz': both });
    expect(shown(run)).toEqual([
      '5 prediction: run/step_5_rank0.npz#prediction run/step_5_rank1.npz#prediction',
      '5 target: run/step_5_rank0.npz#target run/step_5_rank1.npz#target',
    ]);
  });

  test('in tables with a step column', async () => {
    const table = (steps: readonly number[]) =>
      holding({ step: { values: steps }, prediction: [steps.length, 8], target: [steps.length, 8] });
    const run = await only({
      'run/all_rank0.arrow': table([1, 1, 2]),
      'run/all_rank1.arrow': table([1, 2, 2]),
    });
    expect(run.steps.map(({ inputs }) => inputs.prediction!.parts!.map(({ rows }) => rows))).toEqual([
      [[[0, 2]], [[0, 1]]],
      [[[2, 3]], [[1, 3]]],
    ]);
  });

  test('a shared target in ranks serves every step', async () => {
    const run = await only([...shards('target_rank', [0, 1]), 'run/pred_step1.npy', 'run/pred_step2.npy']);
    expect(shown(run).filter((line) => line.includes('target'))).toEqual([
      '1 target: run/target_rank0.npy run/target_rank1.npy',
      '2 target: run/target_rank0.npy run/target_rank1.npy',
    ]);
  });

  test('chosen by patterns', async () => {
    const files = [0, 1].flatMap((n) => [`run/5/r/rank${n}/a.npy`, `run/5/r/rank${n}/b.npy`]);
    const run = await only(files, {
      paths: [],
      pred: 'run/{step}/r/*/a.npy',
      target: 'run/{step}/r/*/b.npy',
    });
    expect(shown(run)).toEqual([
      '5 prediction: run/5/r/rank0/a.npy run/5/r/rank1/a.npy',
      '5 target: run/5/r/rank0/b.npy run/5/r/rank1/b.npy',
    ]);
  });

  test('one of them alone, where a pattern names it', async () => {
    const files = [0, 1, 2, 3].flatMap((n) => [
      `run/pred_rank${n}_step5.npy`,
      `run/step_5/rank${n}/target.npy`,
    ]);
    const run = await only(files, {
      paths: [],
      pred: 'run/pred_rank3_step{step}.npy',
      target: 'run/step_{step}/rank3/target.npy',
    });
    expect(told(run)).toEqual([]);
    expect(shown(run)).toEqual([
      '5 prediction: run/pred_rank3_step5.npy',
      '5 target: run/step_5/rank3/target.npy',
    ]);
    expect(run.steps[0]!.inputs.prediction).not.toHaveProperty('parts');
  });

  test('without roles, for --target none', async () => {
    const run = await only(['run/step_5_rank0.npy', 'run/step_5_rank1.npy'], { target: 'none' });
    expect(shown(run)).toEqual(['5 prediction: run/step_5_rank0.npy run/step_5_rank1.npy']);
  });
});

describe('ranks that do not make a whole are refused by name', () => {
  test('a gap', async () => {
    const run = await only([...shards('pred_rank', [0, 1, 4]), 'run/target.npy']);
    expect(run.steps).toEqual([]);
    expect(told(run)).toEqual([
      "E226 null: the unnumbered step has no prediction of rank 2, rank 3; it has 3 parts, such as 'run/pred_rank0.npy'",
    ]);
  });

  test('a gap as wide as a number costs nothing', async () => {
    const run = await only([...shards('pred_rank', [0, '9007199254740991']), 'run/target.npy']);
    expect(told(run)[0]).toContain('no prediction of rank 1, rank 2, rank 3, rank 4, rank 5 and more;');
  });

  test('a first rank that is neither 0 nor 1', async () => {
    const run = await only([...shards('pred_rank', [2, 3]), 'run/target.npy']);
    expect(told(run)[0]).toContain('no prediction of rank 0, rank 1;');
  });

  test('fewer than the names promise', async () => {
    const files = ['run/pred_shard_0_of_3.npy', 'run/pred_shard_1_of_3.npy', 'run/target.npy'];
    expect(told(await only(files))[0]).toContain('no prediction of shard 2;');
  });

  test('names that promise different totals', async () => {
    const files = ['run/pred_shard_0_of_2.npy', 'run/pred_shard_1_of_3.npy', 'run/target.npy'];
    expect(told(await only(files))[0]).toContain('say they are of 2 and of 3');
  });

  test('prediction and target of different ranks', async () => {
    const run = await only([...shards('pred_rank', [0, 1, 2]), ...shards('target_rank', [0, 1])]);
    expect(told(run)).toEqual([
      "E226 null: the unnumbered step has ranks 0 to 2 of prediction (such as 'run/pred_rank0.npy') and ranks 0 to 1 of target (such as 'run/target_rank0.npy')",
    ]);
  });

  test('two files of one rank, a rank beside a whole, ranks of two kinds', async () => {
    const files = {
      same: ['run/pred_rank0.npy', 'run/pred_rank_00.npy', 'run/target.npy'],
      whole: ['run/pred_rank0.npy', 'run/pred.npy', 'run/target.npy'],
      kinds: ['run/pred_rank0.npy', 'run/pred_gpu1.npy', 'run/target.npy'],
    };
    for (const names of Object.values(files)) {
      expect(told(await only(names))[0]).toMatch(/^E215 .*'run\/pred.*' and 'run\/pred/);
    }
  });

  test('a damaged rank spoils its step, not the others', async () => {
    const both = holding({ prediction: [4, 8], target: [4, 8] });
    const run = await only({
      'run/step_1_rank0.npz': both,
      'run/step_1_rank1.npz': new InputError('E204', 'cut'),
      'run/step_2_rank0.npz': both,
      'run/step_2_rank1.npz': both,
    });
    expect(told(run)).toEqual(['E204 1: cut']);
    expect(run.steps.map(({ step }) => step)).toEqual([2]);
  });

  test('a damaged table of one rank spoils every step', async () => {
    const table = holding({ step: { values: [1, 2] }, prediction: [2, 8], target: [2, 8] });
    const run = await only({
      'run/all_rank0.arrow': table,
      'run/all_rank1.arrow': new InputError('E204', 'cut'),
    });
    expect(run.steps).toEqual([]);
    expect(told(run)).toEqual(['E204 undefined: cut']);
  });

  test('a damaged file of a rank that another file holds spoils nothing', async () => {
    const run = await only({
      'run/step_1/prediction_rank0.npy': null,
      'run/step_1/prediction_rank1.npy': null,
      'run/step_1/target.npy': null,
      'run/log_rank1.npz': new InputError('E204', 'cut'),
    });
    expect(told(run)).toEqual(['E204 undefined: cut']);
    expect(run.steps).toHaveLength(1);
  });

  test('a rank without its matrix spoils its step', async () => {
    const run = await only({
      'run/step_1/prediction_rank0.npz': holding({ prediction: [4, 8] }),
      'run/step_1/prediction_rank1.npz': holding({ names: { values: [1] } }),
      'run/step_1/target.npy': null,
    });
    expect(run.steps).toEqual([]);
    expect(run.errors.map(({ code }) => code)).toEqual(['E209']);
  });
});

describe('across the steps of a run', () => {
  const step = (at: number, numbers: readonly number[]) => [
    ...shards(`step_${at}/pred_rank`, numbers),
    ...shards(`step_${at}/target_rank`, numbers),
  ];

  test('the last step may still be writing its ranks', async () => {
    for (const last of [
      [0, 2],
      [0, 1],
    ]) {
      const run = await only([...step(1, [0, 1, 2]), ...step(2, last)]);
      expect(told(run)).toEqual([]);
      expect(run.steps.map((one) => one.step)).toEqual([1]);
      expect(run.warnings[0]).toMatch(
        /step 2 .*; as the last step it may still be written, and is left out$/,
      );
    }
  });

  test('a rank that other steps have is missed before the last step', async () => {
    const run = await only([...step(1, [0, 1, 2]), ...step(2, [0, 1]), ...step(3, [0, 1, 2])]);
    expect(run.steps.map((one) => one.step)).toEqual([1, 3]);
    expect(told(run)).toEqual([
      "E226 2: step 2 has nothing like 'run/step_1/pred_rank2.npy', which other steps have; it has 'run/step_2/pred_rank0.npy'",
    ]);
  });

  test('names that say of how many may change their number', async () => {
    const of = (at: number, count: number) =>
      Array.from({ length: count }, (_, i) =>
        ['pred', 'target'].map((role) => `run/step_${at}/${role}_${i}_of_${count}.npy`),
      ).flat();
    const run = await only([...of(1, 2), ...of(2, 4), ...of(3, 2)]);
    expect([told(run), run.steps.length]).toEqual([[], 3]);
  });

  test('a step that lacks only rank 0', async () => {
    const run = await only([...step(1, [0, 1, 2]), ...step(2, [1, 2]), ...step(3, [0, 1, 2])]);
    expect(told(run)).toEqual([
      "E226 2: step 2 has no prediction of rank 0, as other steps have; it has 'run/step_2/pred_rank1.npy'",
    ]);
  });
});
