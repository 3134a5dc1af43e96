import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { RunRef } from '#discovery/names/step-ref.js';
import { holding, memoryTree } from './memory-tree.js';

/** `step: prediction path | target path`, with `#key` and `[rows]` where they are given. */
function shown({ steps }: RunRef): string[] {
  return steps.map(({ step, inputs }) => {
    const parts = Object.entries(inputs).map(([role, { path, key, rows }]) => {
      const rowText = rows === null ? '' : `[${rows.map(([from, to]) => `${from}-${to}`).join(',')}]`;
      return `${role}=${path}${key === null ? '' : `#${key}`}${rowText}`;
    });
    return `${step}: ${parts.sort().join(' ')}`;
  });
}

async function only(...args: Parameters<typeof discoverRuns>): Promise<RunRef> {
  const { runs, errors } = await discoverRuns(...args);
  expect(errors).toEqual([]);
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

const both = holding({ prediction: [4, 8], target: [4, 8] });

describe('the layouts the command line promises', () => {
  test('run/step_000500/{prediction,target}.npy', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree([
        'run/step_001000/prediction.npy',
        'run/step_001000/target.npy',
        'run/step_000500/prediction.npy',
        'run/step_000500/target.npy',
      ]),
    );
    expect(run).toMatchObject({ run: 'run', errors: [], warnings: [], ignored: [] });
    expect(shown(run)).toEqual([
      '500: prediction=run/step_000500/prediction.npy target=run/step_000500/target.npy',
      '1000: prediction=run/step_001000/prediction.npy target=run/step_001000/target.npy',
    ]);
    expect(run.steps[0]!.inputs.prediction).toEqual({
      path: 'run/step_000500/prediction.npy',
      key: null,
      rows: null,
      source: 'array',
    });
  });

  test('run/{pred,target}_step500.npy', async () => {
    const tree = memoryTree([
      'run/pred_step500.npy',
      'run/target_step500.npy',
      'run/pred_step9.npy',
      'run/target_step9.npy',
    ]);
    expect(shown(await only({ paths: ['run'] }, tree))).toEqual([
      '9: prediction=run/pred_step9.npy target=run/target_step9.npy',
      '500: prediction=run/pred_step500.npy target=run/target_step500.npy',
    ]);
    expect(tree.opened).toEqual([]);
  });

  test('one file a step holding both', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree({ 'run/step_500.arrow': both, 'run/step_600.npz': both, 'run/step_700.pq': both }),
    );
    expect(shown(run)).toEqual([
      '500: prediction=run/step_500.arrow#prediction target=run/step_500.arrow#target',
      '600: prediction=run/step_600.npz#prediction target=run/step_600.npz#target',
      '700: prediction=run/step_700.pq#prediction target=run/step_700.pq#target',
    ]);
  });

  test('one Arrow file with a step column: contiguous rows are one range', async () => {
    const table = holding({
      step: { values: [10, 10, 9, 9, 10, 10] },
      prediction: [6, 8],
      target: [6, null],
      kl_reg: { values: [1, 1, 2, 2, 1, 1] },
    });
    const run = await only({ paths: ['run/all.arrow'] }, memoryTree({ 'run/all.arrow': table }));
    expect(run.run).toBe('run/all.arrow');
    expect(shown(run)).toEqual([
      '9: kl_reg=run/all.arrow#kl_reg[2-4] prediction=run/all.arrow#prediction[2-4] target=run/all.arrow#target[2-4]',
      '10: kl_reg=run/all.arrow#kl_reg[0-2,4-6] prediction=run/all.arrow#prediction[0-2,4-6] target=run/all.arrow#target[0-2,4-6]',
    ]);
    const inDirectory = await only({ paths: ['run'] }, memoryTree({ 'run/all.arrow': table }));
    expect(shown(inDirectory)).toEqual(shown(run));
  });

  test('one shared target.npy beside per-step predictions', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree(['run/target.npy', 'run/step_1/prediction.npy', 'run/pred_step2.npy']),
    );
    expect(run).toMatchObject({ errors: [], warnings: [], ignored: [] });
    expect(shown(run)).toEqual([
      '1: prediction=run/step_1/prediction.npy target=run/target.npy',
      '2: prediction=run/pred_step2.npy target=run/target.npy',
    ]);
  });

  test("a step's own target comes before the shared one", async () => {
    const files = ['run/target.npy', 'run/pred_step1.npy', 'run/pred_step2.npy', 'run/target_step2.npy'];
    expect(shown(await only({ paths: ['run'] }, memoryTree(files)))).toEqual([
      '1: prediction=run/pred_step1.npy target=run/target.npy',
      '2: prediction=run/pred_step2.npy target=run/target_step2.npy',
    ]);
  });

  test('two bare files are a single unnumbered step', async () => {
    const tree = memoryTree(['run/prediction.npy', 'run/target.npy']);
    const expected = ['null: prediction=run/prediction.npy target=run/target.npy'];
    expect(shown(await only({ paths: ['run'] }, tree))).toEqual(expected);
    const files = await only({ paths: ['run/prediction.npy', 'run/target.npy'] }, tree);
    expect(files.run).toBe('run');
    expect(shown(files)).toEqual(expected);
  });

  test('files below a step directory belong to its step, at any depth', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree(['run/step_500/embeddings/prediction.npy', 'run/step_500/x/y/target.npy']),
    );
    expect(shown(run)).toEqual([
      '500: prediction=run/step_500/embeddings/prediction.npy target=run/step_500/x/y/target.npy',
    ]);
  });

  test('a 0-d step array numbers a whole npz', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree({ 'run/latest.npz': holding({ step: { values: [500] }, pred: [4, 8], tgt: [4, 8] }) }),
    );
    expect(shown(run)).toEqual(['500: prediction=run/latest.npz#pred target=run/latest.npz#tgt']);
  });

  test('sidecars: a kl_reg beside, in a column, in the metadata', async () => {
    const run = await only(
      { paths: ['run'] },
      memoryTree({
        'run/step_1/prediction.npy': null,
        'run/step_1/target.npy': null,
        'run/step_1/kl_reg.npy': null,
        'run/step_2/prediction.npy': null,
        'run/step_2/target.npy': null,
        'run/step_2/kl_reg.json': null,
        'run/pred_step3.npy': null,
        'run/target_step3.npy': null,
        'run/kl_reg_step3.json': null,
        'run/step_4.arrow': holding({ prediction: [4, 8], target: [4, 8], kl_reg: [4] }),
        'run/step_5.arrow': holding({ prediction: [4, 8], target: [4, 8] }, { kl_reg: '0.25' }),
      }),
    );
    expect(run.errors).toEqual([]);
    expect(run.steps.map(({ inputs }) => inputs.kl_reg)).toEqual([
      { path: 'run/step_1/kl_reg.npy', key: null, rows: null, source: 'array' },
      { path: 'run/step_2/kl_reg.json', key: null, rows: null, source: 'json' },
      { path: 'run/kl_reg_step3.json', key: null, rows: null, source: 'json' },
      { path: 'run/step_4.arrow', key: 'kl_reg', rows: null, source: 'array' },
      { path: 'run/step_5.arrow', key: 'kl_reg', rows: null, source: 'metadata' },
    ]);
  });

  test('context and mask come along', async () => {
    const files = ['prediction', 'target', 'initial_z', 'mask'].map((name) => `run/step_1/${name}.npy`);
    expect(shown(await only({ paths: ['run'] }, memoryTree(files)))).toEqual([
      '1: context=run/step_1/initial_z.npy mask=run/step_1/mask.npy prediction=run/step_1/prediction.npy target=run/step_1/target.npy',
    ]);
  });
});

test('embeddings alone in one run, and pairs in another: each is measured as what it is', async () => {
  const pairs = [1, 2, 3].flatMap((step) =>
    ['prediction', 'target'].map((role) => `runs/jepa/step_${step}/${role}.npy`),
  );
  for (const alone of [
    ['runs/enc/embeddings.npy'],
    [1, 2, 3].map((step) => `runs/enc/step_${step}/embeddings.npy`),
    [1, 2, 3].map((step) => `runs/enc/features_${step}.npy`),
  ]) {
    const { runs, errors } = await discoverRuns({ paths: ['runs'] }, memoryTree([...pairs, ...alone]));
    expect([errors, runs.flatMap((run) => run.errors)]).toEqual([[], []]);
    expect(runs.map(({ run, steps, marks }) => [run, steps.length, marks.role])).toEqual([
      ['runs/enc', alone.length, 'embeddings'],
      ['runs/jepa', 3, undefined],
    ]);
  }
});
