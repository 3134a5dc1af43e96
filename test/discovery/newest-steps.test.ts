import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { selectSteps } from '#discovery/runs/select-steps.js';
import { memoryTree } from './memory-tree.js';

const pair = (directory: string) => [`${directory}/prediction.npy`, `${directory}/target.npy`];
const stepName = (step: number) => `step_${String(step).padStart(6, '0')}`;

/** A tree, and the directories of it that were listed. */
function watchedTree(files: readonly string[]) {
  const listed: string[] = [];
  const tree = memoryTree(files);
  const list = (path: string) => {
    listed.push(path);
    return tree.list(path);
  };
  return { tree: { ...tree, list }, listed };
}

const stepsOf = async (files: readonly string[], last: number, paths = ['run']) => {
  const { tree, listed } = watchedTree(files);
  const { runs } = await discoverRuns({ paths, last }, tree);
  return { steps: runs.map(({ run, steps }) => [run, steps.map(({ step }) => step)]), listed };
};

test('--last reads the names of all step directories and lists the newest alone', async () => {
  const files = Array.from({ length: 1000 }, (_, step) => pair(`run/${stepName(step)}`)).flat();
  const { steps, listed } = await stepsOf(files, 2);
  expect(steps).toEqual([['run', [998, 999]]]);
  expect(listed.sort()).toEqual(['run', ...[997, 998, 999].map((step) => `run/${stepName(step)}`)]);
});

test.each([
  ['without padding', ['run/step_9', 'run/step_10', 'run/step_11', 'run/step_100'], [11, 100]],
  ['by epochs', ['run/epoch-1', 'run/epoch-2', 'run/epoch-3', 'run/epoch-4'], [3, 4]],
  ['by two words', ['run/step_1', 'run/step_2', 'run/epoch_3', 'run/step_4', 'run/step_5'], [4, 5]],
])('newest are those of the largest numbers: %s', async (_, directories, newest) => {
  expect((await stepsOf(directories.flatMap(pair), 2)).steps).toEqual([['run', newest]]);
});

test('each of several runs has its newest', async () => {
  const files = ['a', 'b'].flatMap((run) =>
    Array.from({ length: run === 'a' ? 9 : 1 }, (_, step) => pair(`runs/${run}/step_${step + 1}`)).flat(),
  );
  const { steps, listed } = await stepsOf(files, 3, ['runs']);
  expect(steps).toEqual([
    ['runs/a', [7, 8, 9]],
    ['runs/b', [1]],
  ]);
  expect(listed).not.toContain('runs/a/step_1');
});

test('directories of no step make it look further', async () => {
  const steps = Array.from({ length: 50 }, (_, step) => pair(`run/${stepName(step)}`)).flat();
  const empty = Array.from({ length: 50 }, (_, step) => `run/${stepName(50 + step)}/weights.bin`);
  expect((await stepsOf([...steps, ...empty], 2)).steps).toEqual([['run', [48, 49]]]);
});

test('a file that is of another step than its directory makes it look at all', async () => {
  const files = Array.from({ length: 20 }, (_, i) => [
    `run/step_${i}/prediction_step_${40 - i}.npy`,
    `run/step_${i}/target_step_${40 - i}.npy`,
  ]).flat();
  expect((await stepsOf(files, 2)).steps).toEqual([['run', [39, 40]]]);
});

test('the same steps as of the whole run, whatever is in the directories', async () => {
  const content = fc.constantFrom<string[]>(
    ['prediction.npy', 'target.npy'],
    ['prediction.npy', 'target.npy'],
    ['prediction.npy', 'target.npy', 'mask.npy'],
    ['weights.bin'],
  );
  const directories = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 2000 }), content), {
    selector: ([step]) => step,
    minLength: 1,
    maxLength: 30,
  });
  const loose = fc.subarray(['run/notes.txt', 'run/logs/a.npy', 'run/.hidden/step_5/prediction.npy']);
  await fc.assert(
    fc.asyncProperty(directories, loose, fc.integer({ min: 1, max: 5 }), async (all, others, last) => {
      const files = [
        ...all.flatMap(([step, names]) => names.map((name) => `run/step_${step}/${name}`)),
        ...others,
      ];
      const whole = await discoverRuns({ paths: ['run'] }, memoryTree(files));
      const request = { paths: ['run'], last };
      const expected = whole.runs.map((run) => selectSteps(run, request));
      const { runs } = await discoverRuns(request, memoryTree(files));
      const facts = (found: typeof runs) =>
        found.map(({ run, marks, steps, errors }) => ({ run, marks, steps, errors }));
      expect(facts(runs)).toEqual(facts(expected));
    }),
  );
});
