import { expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { FileDescription } from '#discovery/paths/file-tree.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { holding, memoryTree } from './memory-tree.js';

const pt = (...args: Parameters<typeof holding>): FileDescription => ({ ...holding(...args), format: 'pt' });

async function found(request: Partial<DiscoveryRequest>, files: Record<string, FileDescription | null>) {
  const tree = memoryTree(files);
  const { runs } = await discoverRuns({ paths: ['run'], ...request }, tree);
  const keys = runs.flatMap(({ steps }) =>
    steps.map(({ step, inputs }) => [step, inputs.prediction?.key, inputs.target?.key]),
  );
  return { keys, tree, runs, ignored: runs.flatMap(({ ignored }) => ignored) };
}

const embeddings = { prediction: [8, 4], target: [8, 4] };
const weights = { 'predictor.weight': [4, 4], 'target_encoder.weight': [4, 4], 'target_encoder.bias': [4] };

test('a PyTorch file of embeddings is a step, by its name or by a number in it', async () => {
  const files = {
    'run/step_1.pt': pt(embeddings),
    'run/other.pt': pt({ ...embeddings, step: { values: [2] } }),
  };
  expect((await found({}, files)).keys).toEqual([
    [1, 'prediction', 'target'],
    [2, 'prediction', 'target'],
  ]);
});

test('weights by their name are not opened', async () => {
  const names = ['model.pt', 'optimizer_state.pt', 'scheduler.pth', 'rng_state_0.pth', 'model.safetensors'];
  const files = Object.fromEntries(names.map((name) => [`run/step_1/${name}`, null]));
  const { tree, ignored } = await found({}, { ...files, 'run/step_1/x.pt': pt(embeddings) });
  expect(tree.opened).toEqual(['run/step_1/x.pt']);
  expect(ignored.map(({ reason }) => reason)).toEqual(names.map(() => 'its name says weights, and no role'));
});

test.each(['pt', 'safetensors'])(
  'a state dict in %s is left alone, whatever its keys and name claim',
  async (format) => {
    for (const name of ['step_1.pt', 'target_step_1.pt', 'prediction_step_1.pt']) {
      const { keys, ignored } = await found({}, { [`run/${name}`]: { ...holding(weights), format } });
      expect([name, keys]).toEqual([name, []]);
      expect(ignored[0]?.reason).toContain('its arrays are weights');
    }
  },
);

test('the weights beside embeddings are left alone', async () => {
  const beside = { 'model.target.0': [4, 4], 'optimizer_state.prediction': [4, 4] };
  expect((await found({}, { 'run/step_1.pt': pt({ ...embeddings, ...beside }) })).keys).toEqual([
    [1, 'prediction', 'target'],
  ]);
});

test('weights are read where a key names them', async () => {
  const request = {
    paths: ['run/step_1.pt'],
    predKey: 'predictor.weight',
    targetKey: 'target_encoder.weight',
  };
  expect((await found(request, { 'run/step_1.pt': pt(weights) })).keys).toEqual([
    [1, 'predictor.weight', 'target_encoder.weight'],
  ]);
  const given = await found({ paths: ['run/step_1.pt'] }, { 'run/step_1.pt': pt(weights) });
  expect(given.keys).toEqual([]);
  expect(given.runs[0]?.warnings.join()).toContain('--pred-key chooses one all the same');
});

test('weights chosen with --pred need a key', async () => {
  const { runs } = await found({ paths: [], pred: 'run/step_1.pt' }, { 'run/step_1.pt': pt(weights) });
  expect(runs[0]?.errors).toMatchObject([{ code: 'E212', hint: expect.stringContaining('--pred-key') }]);
});

test('a table may have a column of weights', async () => {
  const table = { ...holding({ ...embeddings, 'layer.weight': [8, 4] }), format: 'parquet' };
  expect((await found({}, { 'run/step_1.parquet': table })).keys).toEqual([[1, 'prediction', 'target']]);
});
