import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { InputError } from '#errors.js';
import { memoryTree } from './memory-tree.js';

const pair = (directory: string) => [`${directory}/prediction.npy`, `${directory}/target.npy`];

/** What is found of files, every name of which is read where `--siblings` is given, and the directories listed for it. */
async function found(files: readonly string[], asked: object = {}) {
  const tree = memoryTree(files);
  const listed: string[] = [];
  const list = (path: string) => {
    listed.push(path);
    return tree.list(path);
  };
  const { runs, errors } = await discoverRuns({ paths: ['run'], ...asked }, { ...tree, list });
  return { runs, errors, listed };
}

/** The same where each directory is given by a path of its own as well: none stands for another then. */
const oneByOne = (files: readonly string[], asked: object = {}) =>
  found(files, { paths: ['run', 'run'], ...asked });

test('every step of directories that are alike is found, and each is listed once', async () => {
  const files = Array.from({ length: 300 }, (_, i) => pair(`run/step_${300 - i}`)).flat();
  const { runs, errors, listed } = await found(files);
  expect(errors).toEqual([]);
  expect(runs).toHaveLength(1);
  expect(runs[0]!.steps.map(({ step }) => step)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(runs[0]!.steps[122]).toEqual({
    step: 123,
    inputs: {
      prediction: { path: 'run/step_123/prediction.npy', key: null, rows: null, source: 'array' },
      target: { path: 'run/step_123/target.npy', key: null, rows: null, source: 'array' },
    },
  });
  expect(listed).toHaveLength(301);
});

test('--steps and --last select among all', async () => {
  const files = Array.from({ length: 40 }, (_, i) => pair(`run/step_${i}`)).flat();
  const { runs } = await found(files, { steps: { from: 10, to: 20 }, last: 2 });
  expect(runs[0]!.steps.map(({ step }) => step)).toEqual([19, 20]);
});

test('a step that lacks a file is an error of its own, in the middle as anywhere, and nothing is listed twice', async () => {
  const files = Array.from({ length: 40 }, (_, i) => pair(`run/step_${i}`)).flat();
  const { runs, listed } = await found(files.filter((path) => path !== 'run/step_17/target.npy'));
  expect(runs[0]!.steps).toHaveLength(39);
  expect(runs[0]!.errors.map(({ step }) => step)).toEqual([17]);
  expect(new Set(listed).size).toBe(listed.length);
});

test('a directory that cannot be listed is an error, wherever it stands', async () => {
  const tree = memoryTree(Array.from({ length: 40 }, (_, i) => pair(`run/step_${i}`)).flat());
  const list = (path: string) => {
    if (path === 'run/step_20') throw new InputError('E202', 'cannot list', { path });
    return tree.list(path);
  };
  const { runs, errors } = await discoverRuns({ paths: ['run'] }, { ...tree, list });
  expect(errors.map(({ code }) => code)).toEqual(['E202']);
  expect(runs[0]!.steps).toHaveLength(39);
});

const FILES = [
  'prediction.npy',
  'target.npy',
  'mask.npy',
  'context.npy',
  'kl_reg.json',
  'pred_rank0.npy',
  'pred_rank1.npy',
  'video_prediction.npy',
  'video_target.npy',
  'embeddings.npy',
  'z.npy',
  'z_hat.npy',
  'notes.txt',
  'batch.npz',
  'model.pt',
  '.hidden.npy',
  'prediction_step3.npy',
];
const NAMES = ['step_#', 'step#', 'epoch-#', 'ckpt_000#', '#', 'seed_#', '#_steps', 'step_#.tmp'];

test('what is found is what reading every name finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...NAMES),
      fc.uniqueArray(fc.oneof(fc.nat(40), fc.nat(3e8)), { minLength: 6, maxLength: 24 }),
      fc.subarray(FILES, { minLength: 1, maxLength: 5 }),
      fc.subarray([
        'run/target.npy',
        'run/config.yaml',
        'run/step_x/prediction.npy',
        'run/other/target.npy',
        'run/final.npy',
      ]),
      fc.option(fc.record({ at: fc.nat(40), file: fc.constantFrom(...FILES) }), { freq: 3 }),
      fc.constantFrom(
        {},
        { target: 'none' },
        { noMask: true },
        { steps: { from: 3, to: 30 } },
        { maskKey: 'mask' },
      ),
      async (name, steps, files, more, odd, asked) => {
        const paths = steps.flatMap((step, i) => {
          const directory = `run/${name.replace('#', String(step))}`;
          const own = odd?.at === i ? [...files, odd.file] : files;
          return own.map((file) => `${directory}/${file}`);
        });
        const all = [...new Set([...paths, ...more])];
        const [{ listed: _, ...few }, { listed: __, ...every }] = [
          await found(all, asked),
          await oneByOne(all, asked),
        ];
        expect(few).toEqual(every);
      },
    ),
    { numRuns: 300 },
  );
});
