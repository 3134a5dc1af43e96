import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { memoryTree } from './memory-tree.js';

const STEPS = [1, 2, 3, 4];

/** `branch step prediction target` of each step, or the codes of what is in the way. */
async function found(
  files: readonly string[],
  request: Partial<DiscoveryRequest> = {},
): Promise<readonly string[]> {
  const { runs, errors } = await discoverRuns({ paths: ['run'], ...request }, memoryTree(files));
  const codes = [...errors, ...runs.flatMap((run) => run.errors)].map(({ code }) => code);
  if (codes.length > 0) return codes;
  return runs.flatMap(({ marks, steps }) =>
    steps.map(({ step, inputs: { prediction, target } }) =>
      [marks.branch ?? '', step, prediction?.path, target?.path ?? ''].join(' ').trim(),
    ),
  );
}

/** What an error or warning offers in backticks, as flags. */
async function offered(files: readonly string[]): Promise<Partial<DiscoveryRequest>> {
  const { runs, errors } = await discoverRuns({ paths: ['run'] }, memoryTree(files));
  const texts = [
    ...runs.flatMap(({ warnings }) => warnings),
    ...[...errors, ...runs.flatMap((run) => run.errors)].map(({ hint }) => hint ?? ''),
  ];
  const keys = /`--pred-key (\S+) --target-key (\S+)`/.exec(texts.join(' '));
  if (keys !== null) return { predKey: keys[1]!, targetKey: keys[2]! };
  const paths = /`--pred '(\S+)' --target '(\S+)'`/.exec(texts.join(' '));
  expect(paths, texts.join(' ')).not.toBeNull();
  return { paths: [], pred: paths![1]!, target: paths![2]! };
}

const VIEWS: readonly (readonly [string, string])[] = [
  ['z1', 'z2'],
  ['view1', 'view2'],
  ['view_0', 'view_1'],
  ['x1', 'x2'],
  ['p1', 'z2'],
  ['za', 'zb'],
  ['anchor', 'positive'],
];

describe.each(VIEWS)('two views of each batch, %s and %s', (first, second) => {
  const layouts: readonly (readonly [string, (view: string, step: number) => string])[] = [
    ['in directories of steps', (view, step) => `run/step_${step}/${view}.npy`],
    ['in directories with bare numbers', (view, step) => `run/00${step}/${view}.npy`],
    ['side by side', (view, step) => `run/step_${step}_${view}.npy`],
    ['with the step last', (view, step) => `run/${view}_step${step}.npy`],
  ];
  test.each(layouts)('%s: what is offered measures them as pairs', async (_, path) => {
    const files = STEPS.flatMap((step) => [path(first, step), path(second, step)]);
    expect(await found(files)).toEqual([]);
    expect(await found(files, await offered(files))).toEqual(
      STEPS.map((step) => `${step} ${path(first, step)} ${path(second, step)}`),
    );
  });
});

test.each([
  ['z_0', 'z_1', '0', '1'],
  ['emb_view1', 'emb_view2', 'view1', 'view2'],
])('%s and %s are two branches at every step, whatever its number', async (first, second, one, other) => {
  const path = (view: string, step: number) => `run/step_${step}_${view}.npy`;
  const files = STEPS.flatMap((step) => [path(first, step), path(second, step)]);
  expect(await found(files)).toEqual([
    ...STEPS.map((step) => `${one} ${step} ${path(first, step)}`),
    ...STEPS.map((step) => `${other} ${step} ${path(second, step)}`),
  ]);
});

test('two files that differ in a number are a pair where flags say so', async () => {
  const files = ['run/z1.npy', 'run/z2.npy'];
  expect(await found(files)).toEqual(['E304']);
  const pair = ['run/z1.npy run/z2.npy'];
  expect(await found(files, await offered(files))).toEqual(pair);
  expect(await found(files, { predKey: 'z1', targetKey: 'z2' })).toEqual(pair);
});

test('two embeddings of each step that nothing tells apart are asked about with flags that work', async () => {
  const files = STEPS.flatMap((step) => [`run/it${step}/h.npy`, `run/it${step}/z.npy`]);
  expect(new Set(await found(files))).toEqual(new Set(['E212']));
  expect(await found(files, await offered(files))).toEqual(
    STEPS.map((step) => `${step} run/it${step}/h.npy run/it${step}/z.npy`),
  );
});
