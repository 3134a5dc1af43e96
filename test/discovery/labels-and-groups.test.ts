import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { roleInName } from '#discovery/names/role-name.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { holding, type MemoryFile, memoryTree } from './memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>> | readonly string[];

const found = (files: Files, request: Partial<DiscoveryRequest> = {}) =>
  discoverRuns({ paths: ['run'], ...request }, memoryTree(files));

function told({ runs, errors }: Awaited<ReturnType<typeof found>>): string[] {
  return [...errors, ...runs.flatMap((run) => run.errors)].map(({ code }) => code);
}

const pairs = [1, 2].flatMap((n) => ['prediction', 'target'].map((role) => `run/step_${n}/${role}.npy`));
const inputsOf = async (files: Files, request: Partial<DiscoveryRequest> = {}) => {
  const result = await found(files, request);
  expect(told(result)).toEqual([]);
  return result.runs[0]!.steps.map(({ inputs }) => inputs);
};

describe('names', () => {
  test.each([
    ...['label', 'labels', 'class_labels', 'labels_step500', 'step_5_labels', 'val_labels', 'label_ids'],
    ...['labels_rank0', 'Labels', 'label_000500'],
  ])('%s is a label', (name) => expect(roleInName(name)).toBe('label'));
  test.each(['group', 'groups', 'group_ids', 'sample_groups', 'groups_e-5'])('%s is a group', (name) =>
    expect(roleInName(name)).toBe('group'),
  );
  test.each([
    ...['label_3', 'group1', 'coarse_labels', 'labels_layer4', 'unlabeled', 'label_embeddings', 'groupnorm'],
    ...['label_groups', 'labelled', 'embeddings_group', ''],
  ])('%s is neither', (name) => expect(roleInName(name)).toBeNull());
  test.each([
    ['prediction_group1', 'prediction'],
    ['target_labels', 'target'],
    ['label_mask', null],
  ])('what names another role keeps it: %s', (name, role) => expect(roleInName(name)).toBe(role));
});

describe('a step', () => {
  test('has its own, or shares one with the run', async () => {
    const shared = await inputsOf([...pairs, 'run/labels.npy', 'run/step_2/labels.npy']);
    expect(shared.map(({ label }) => label?.path)).toEqual(['run/labels.npy', 'run/step_2/labels.npy']);
  });

  test('has them as arrays of a container, whatever their names where a flag says so', async () => {
    const arrays = holding({ pred: [4, 8], target: [4, 8], labels: [4, 3], group: { values: [0, 0, 1, 1] } });
    const [own] = await inputsOf({ 'run/step_1.npz': arrays });
    expect([own?.label?.key, own?.group?.key]).toEqual(['labels', 'group']);
    const other = holding({ pred: [4, 8], target: [4, 8], fine: { values: [0, 0, 1, 1] }, labels: [4, 3] });
    const [asked] = await inputsOf({ 'run/step_1.npz': other }, { labelKey: 'fine' });
    expect(asked?.label?.key).toBe('fine');
  });

  test('is embeddings alone beside labels', async () => {
    const [alone] = await inputsOf({ 'run/step_1.npz': holding({ z: [4, 8], labels: [4, 3] }) });
    expect([alone?.prediction?.key, alone?.label?.key]).toEqual(['z', 'labels']);
    const [file] = await inputsOf(['run/step_1/embeddings.npy', 'run/step_1/labels.npy']);
    expect([file?.prediction?.path, file?.label?.path]).toEqual([
      'run/step_1/embeddings.npy',
      'run/step_1/labels.npy',
    ]);
  });

  test('is measured without where two claim to be it, and nobody chose', async () => {
    const files = [...pairs, 'run/step_1/labels.npy', 'run/step_1/class_labels.npy'];
    const result = await found(files);
    expect(told(result)).toEqual([]);
    expect(result.runs[0]!.steps.map(({ inputs }) => inputs.label)).toEqual([undefined, undefined]);
    expect(result.runs[0]!.warnings.join()).toContain('two files for label');
    const arrays = holding({ pred: [4, 8], target: [4, 8], labels: [4, 3], label: [4, 3] });
    expect((await inputsOf({ 'run/step_1.npz': arrays }))[0]).not.toHaveProperty('label');
  });

  test('lacks what a flag names: E213', async () => {
    for (const request of [{ labelKey: 'nope' }, { groupKey: 'nope' }]) {
      expect(told(await found(pairs, request))).toEqual(['E213', 'E213']);
    }
  });
});
