import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { holding, memoryTree } from './memory-tree.js';

const one = holding({ arr_0: [4, 8] });

function treeOf(files: readonly string[]) {
  return memoryTree(Object.fromEntries(files.map((path) => [path, path.endsWith('.npz') ? one : null])));
}

/** `run: step prediction|target|mask …` of each run, with the mask's kept value where it is not 1. */
async function found(files: readonly string[], paths = ['run']): Promise<string[]> {
  const { runs, errors } = await discoverRuns({ paths }, treeOf(files));
  expect([...errors, ...runs.flatMap((run) => run.errors)].map(({ message }) => message)).toEqual([]);
  return runs.flatMap(({ run, steps }) =>
    steps.map(({ step, inputs }) => {
      const roles = Object.entries(inputs).map(
        ([role, { path, keeps }]) => `${role}=${path}${keeps === undefined ? '' : ` keeps ${keeps}`}`,
      );
      return `${run} ${step}: ${roles.sort().join(' ')}`;
    }),
  );
}

describe('directories that hold the arrays of one role', () => {
  test.each([
    ['above the steps', 'run/prediction/step_5.npy', 'run/target/step_5.npy', '5'],
    ['with bare numbers', 'run/predictions/00500.npy', 'run/targets/00500.npy', '500'],
    ['above directories of steps', 'run/student/step_5/out.npy', 'run/teacher/step_5/out.npy', '5'],
    ['inside a step', 'run/step_5/prediction/emb.npy', 'run/step_5/target/emb.npy', '5'],
    ['with names that say nothing', 'run/step_5/student/foo.npy', 'run/step_5/teacher/foo.npy', '5'],
    ['of containers', 'run/pred_emb/epoch7.npz', 'run/target_emb/epoch7.npz', '7'],
    ['by a word that counts beside another', 'run/student/step_5/out.npy', 'run/ema/step_5/out.npy', '5'],
    ['deep below', 'run/a/b/pred/step_5.npy', 'run/a/b/target/step_5.npy', '5'],
  ])('%s', async (_, prediction, target, step) => {
    const others = [prediction, target].map((path) => path.replace(step, '900'));
    const [first, second, ...more] = await found([prediction, target, ...others]);
    expect(first).toMatch(new RegExp(` ${step}: prediction=${prediction} target=${target}$`));
    expect(second).toMatch(/ 900: /);
    expect(more).toEqual([]);
  });

  test('belong to the run that they lie in', async () => {
    const files = ['seed0', 'seed1'].flatMap((seed) =>
      ['prediction', 'target'].map((role) => `run/${seed}/${role}/step_5.npy`),
    );
    expect(await found(files)).toEqual([
      'run/seed0 5: prediction=run/seed0/prediction/step_5.npy target=run/seed0/target/step_5.npy',
      'run/seed1 5: prediction=run/seed1/prediction/step_5.npy target=run/seed1/target/step_5.npy',
    ]);
  });

  test('are branches where they say more than the role', async () => {
    const files = ['video', 'audio'].flatMap((branch) =>
      ['prediction', 'target'].map((role) => `run/${role}_${branch}/step_5.npy`),
    );
    expect((await found(files)).map((line) => line.split(':')[0])).toEqual([
      'run [audio] 5',
      'run [video] 5',
    ]);
  });

  test('say what a 1 of a mask means', async () => {
    const files = ['prediction', 'target', 'padding_mask'].map((role) => `run/${role}/step_5.npy`);
    expect(await found(files)).toEqual([
      'run 5: mask=run/padding_mask/step_5.npy keeps 0 prediction=run/prediction/step_5.npy target=run/target/step_5.npy',
    ]);
  });

  test('are runs where their files say their roles themselves', async () => {
    const files = ['student', 'teacher'].flatMap((run) =>
      ['prediction', 'target'].map((role) => `run/${run}/step_5/${role}.npy`),
    );
    expect((await found(files)).map((line) => line.split(' ')[0])).toEqual(['run/student', 'run/teacher']);
  });

  test('are runs of embeddings alone where they were given one by one', async () => {
    const files = ['run/prediction/step_5.npy', 'run/target/step_5.npy'];
    const { runs } = await discoverRuns({ paths: ['run/prediction', 'run/target'] }, treeOf(files));
    expect(runs).toHaveLength(2);
  });
});

describe('a prediction and what its name says that it predicts', () => {
  test.each(['z_pred', 'pred_z', 'predicted_z', 'z_hat'])('%s and z', async (name) => {
    expect(await found([`run/step_5/${name}.npy`, 'run/step_5/z.npy'])).toEqual([
      `run 5: prediction=run/step_5/${name}.npy target=run/step_5/z.npy`,
    ]);
  });

  test('a target that is named comes first', async () => {
    expect(await found(['pred_z', 'target_z', 'z'].map((name) => `run/step_5/${name}.npy`))).toEqual([
      'run 5: prediction=run/step_5/pred_z.npy target=run/step_5/target_z.npy',
    ]);
  });
});
