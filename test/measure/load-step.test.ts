import { describe, expect, it } from 'vitest';
import type { InputRef, StepRef } from '#discovery/names/step-ref.js';
import { openArrayFile } from '#formats/index.js';
import { ArrayPool } from '#formats/shared/pool.js';
import { memorySource } from '#io/memory-source.js';
import { FileCache } from '#measure/load/file-cache.js';
import { loadStep } from '#measure/load/load-step.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { writeNpy } from '../support/write-npy.js';

const array = (descr: string, shape: readonly number[], values: readonly number[]) =>
  writeNpy({ descr, shape, values, fortran: false, version: 1, padding: 0 });

const FILES: Readonly<Record<string, Uint8Array>> = {
  'prediction.npy': array('<f4', [3, 2], [1, 2, 3, 4, 5, 6]),
  'target.npy': array('<f4', [3, 2], [2, 1, 4, 3, 6, 5]),
  'context.npy': array('<f8', [3, 2], [0, 1, 0, 2, 0, 3]),
  'mask.npy': array('|b1', [3], [1, 0, 1]),
};

const ref = (path: string): InputRef => ({ path, key: null, rows: null, source: 'array' });
const STEP: StepRef = {
  step: 5,
  inputs: {
    prediction: ref('prediction.npy'),
    target: ref('target.npy'),
    context: ref('context.npy'),
    mask: ref('mask.npy'),
  },
};

async function load(wantsContext: boolean, step = STEP, maxMemory = 2 ** 20) {
  const opened: string[] = [];
  const openFile = (path: string, pool: ArrayPool) => {
    opened.push(path);
    return openArrayFile(memorySource(path, FILES[path] ?? new Uint8Array()), { maxMemory, pool });
  };
  const files = new FileCache(new Set(), openFile, { maxMemory, pool: new ArrayPool() }, () => {});
  return { loaded: await loadStep(step, files, { readKl: null, wantsContext }), opened };
}

describe('the context of a step', () => {
  it('is not read unless a metric asks for it', async () => {
    const { loaded, opened } = await load(false);
    expect(loaded.context).toBeNull();
    expect(opened).not.toContain('context.npy');
    expect(Object.keys(loaded.inputs)).toEqual(['prediction', 'target', 'mask']);
  });

  it('loses the rows that the mask drops, as prediction and target do', async () => {
    const { loaded } = await load(true);
    expect([...loaded.prediction.data]).toEqual([1, 2, 5, 6]);
    expect([...loaded.target!.data]).toEqual([2, 1, 6, 5]);
    expect([...loaded.context!.data]).toEqual([0, 1, 0, 3]);
    expect(loaded.inputs.context).toEqual({ path: 'context.npy', dtype: 'float64', shape: [3, 2] });
  });

  it('is checked by the batch like the others', async () => {
    const { loaded } = await load(true);
    expect(createBatch(loaded).context).toMatchObject({ rows: 2, cols: 2 });
    const context = { data: new Float32Array(2), rows: 1, cols: 2 };
    expect(() => createBatch({ ...loaded, context })).toThrow('prediction is [2, 2], context is [1, 2]');
  });
});

it('a row is told where it stands in its file', async () => {
  const { loaded } = await load(false);
  expect(loaded.originOf('prediction', 1)).toEqual({ path: 'prediction.npy', row: 2 });
  expect(loaded.originOf('prediction', 2)).toBeNull();
});

it('rows of a table, its mask and the place of a row agree', async () => {
  const rows = [[1, 3]] as const;
  const inputs = Object.fromEntries(
    Object.entries(STEP.inputs).map(([role, input]) => [role, { ...input, rows }]),
  );
  const { loaded } = await load(true, { step: 5, inputs });
  expect([...loaded.prediction.data]).toEqual([5, 6]);
  expect([...loaded.context!.data]).toEqual([0, 3]);
  expect(loaded.notes).toEqual(['mask: 1 of 2 rows dropped']);
  expect(loaded.originOf('target', 0)).toEqual({ path: 'target.npy', row: 2 });
});

describe('the budget', () => {
  const { prediction, target } = STEP.inputs;
  const unmasked: StepRef = { step: 5, inputs: { prediction, target } as StepRef['inputs'] };

  it('bounds each array that is read: a prediction and its target may need twice as much', async () => {
    const { loaded } = await load(false, unmasked, 24);
    expect([loaded.prediction, loaded.target].map((matrix) => matrix?.data.byteLength)).toEqual([24, 24]);
  });

  it('names the first array that is over it', async () => {
    await expect(load(false, unmasked, 23)).rejects.toMatchObject({
      code: 'E220',
      path: 'prediction.npy',
      step: 5,
    });
  });
});
