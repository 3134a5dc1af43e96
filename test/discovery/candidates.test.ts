import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { RunRef } from '#discovery/names/step-ref.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { InputError } from '#errors.js';
import { holding, type MemoryFile, memoryTree } from './memory-tree.js';

async function one(
  files: Readonly<Record<string, MemoryFile>> | readonly string[],
  request: Partial<DiscoveryRequest> = {},
): Promise<RunRef> {
  const { runs, errors } = await discoverRuns({ paths: ['run'], ...request }, memoryTree(files));
  expect(errors).toEqual([]);
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

const numbers = ({ steps }: RunRef): (number | null)[] => steps.map(({ step }) => step);
const codes = ({ errors }: RunRef): unknown[] => errors.map(({ code, path, step }) => [code, path, step]);
const pair = (directory: string): string[] => [`${directory}/prediction.npy`, `${directory}/target.npy`];
const matrix = [4, 8] as const;

describe('containers', () => {
  test('one numeric candidate is taken without asking', async () => {
    const run = await one({
      'run/step_1/prediction.npz': holding({ arr_0: matrix, ids: [4] }),
      'run/step_1/target.arrow': holding({ embedding: [4, null] }),
    });
    expect(run.steps[0]!.inputs).toMatchObject({
      prediction: { key: 'arr_0' },
      target: { key: 'embedding' },
    });
  });

  test('a file that claims a role and holds several matrices uses the key of that role', async () => {
    const run = await one({
      'run/step_1/prediction.npz': holding({ pred_emb: matrix, hidden: matrix }),
      'run/step_1/target.npz': holding({ hidden: matrix, z_target: matrix }),
    });
    expect(run.steps[0]!.inputs).toMatchObject({
      prediction: { key: 'pred_emb' },
      target: { key: 'z_target' },
    });
  });

  test('a file named after one role that holds both is used for both, unless another file claims the other', async () => {
    const alone = { 'run/predictions_step_1.npz': holding({ pred: matrix, target: matrix }) };
    expect((await one(alone)).steps[0]!.inputs.target).toMatchObject({ key: 'target' });
    const beside = await one({ ...alone, 'run/target_step_1.npy': null });
    expect(beside.errors).toEqual([]);
    expect(beside.steps[0]!.inputs.target!.path).toBe('run/target_step_1.npy');
  });

  test('predKey and targetKey choose', async () => {
    const files = { 'run/step_1.npz': holding({ a: matrix, b: matrix, prediction: matrix }) };
    const run = await one(files, { predKey: 'a', targetKey: 'b' });
    expect(run.steps[0]!.inputs).toMatchObject({ prediction: { key: 'a' }, target: { key: 'b' } });
  });

  test('several candidates without a choice are E212, listed', async () => {
    const run = await one({ 'run/step_1.npz': holding({ a: matrix, b: matrix }) });
    expect(codes(run)).toEqual([['E212', 'run/step_1.npz', 1]]);
    expect(run.errors[0]!.message).toContain("'a', 'b'");
    const named = await one({
      'run/prediction.npz': holding({ a: matrix, b: matrix }),
      'run/target.npy': null,
    });
    expect(codes(named)).toEqual([['E212', 'run/prediction.npz', undefined]]);
    const half = await one({ 'run/step_1.npz': holding({ pred: matrix, b: matrix }) });
    expect(half.errors[0]!.message).toBe("cannot tell which array of 'run/step_1.npz' is the target: 'b'");
  });

  test('an unclear container beside a complete step is only ignored', async () => {
    const files = Object.fromEntries(pair('run/step_1').map((path) => [path, null]));
    const run = await one({ ...files, 'run/step_1/extra.npz': holding({ a: matrix, b: matrix }) });
    expect(run).toMatchObject({ steps: [{ step: 1 }], errors: [] });
    expect(run.ignored).toMatchObject([{ path: 'run/step_1/extra.npz' }]);
  });

  test('a missing key is E213, with what exists', async () => {
    const run = await one(
      { 'run/step_1.npz': holding({ a: matrix, b: matrix }) },
      { predKey: 'A', targetKey: 'b' },
    );
    expect(codes(run)).toEqual([['E213', 'run/step_1.npz', 1]]);
    expect(run.errors[0]!.message).toBe("no array 'A' in 'run/step_1.npz'; it has 'a', 'b'");
  });

  test('a role on one number a row is E209', async () => {
    const run = await one({ 'run/step_1.arrow': holding({ prediction: [4], target: matrix }) });
    expect(codes(run)).toEqual([['E209', 'run/step_1.arrow', 1]]);
  });

  test('a damaged file is its own error, and the rest goes on', async () => {
    const damaged = new InputError('E204', 'damaged or malformed file');
    const files = Object.fromEntries(
      [...pair('run/step_1'), ...pair('run/step_3')].map((path) => [path, null]),
    );
    const run = await one({
      ...files,
      'run/step_2/prediction.arrow': damaged,
      'run/step_2/target.npy': null,
      'run/step_2/x.arrow': holding({}),
    });
    expect(numbers(run)).toEqual([1, 3]);
    expect(codes(run)).toEqual([['E204', 'run/step_2/prediction.arrow', 2]]);
    const shared = await one({
      'run/target.arrow': damaged,
      'run/pred_step1.npy': null,
      'run/pred_step2.npy': null,
    });
    expect(codes(shared)).toEqual([['E204', 'run/target.arrow', undefined]]);
  });

  test('each file is opened once', async () => {
    const tree = memoryTree({ 'run/step_1.npz': holding({ a: matrix, b: matrix }) });
    await discoverRuns(
      {
        paths: ['run', 'run/step_1.npz'],
        pred: 'run/*.npz',
        target: 'run/step_{step}.npz',
        predKey: 'a',
        targetKey: 'b',
      },
      tree,
    );
    expect(tree.opened).toEqual(['run/step_1.npz']);
  });
});

describe('a step column', () => {
  const table = (step: readonly number[]): MemoryFile =>
    holding({ step: { values: step }, prediction: [step.length, 8], target: [step.length, 8] });

  test.each([
    [[1, 1.5], 'E204'],
    [[1, Number.NaN], 'E204'],
    [[-1, 1], 'E204'],
    [[1, 2 ** 53], 'E222'],
  ])('%j is %s', async (values, code) => {
    expect(codes(await one({ 'run/all.arrow': table(values) }))).toEqual([
      [code, 'run/all.arrow', undefined],
    ]);
  });

  test('of another length than the rows is E214', async () => {
    const file = holding({ step: { values: [1, 2] }, prediction: [3, 8], target: [3, 8] });
    expect(codes(await one({ 'run/all.arrow': file }))).toEqual([['E214', 'run/all.arrow', undefined]]);
  });

  test('of a file whose name is a step gives way to the name, with a warning where it differs', async () => {
    const same = await one({ 'run/step_5.arrow': table([5, 5]) });
    expect([numbers(same), same.warnings]).toEqual([[5], []]);
    const other = await one({ 'run/step_5.arrow': table([0, 1]) });
    expect(numbers(other)).toEqual([5]);
    expect(other.warnings[0]).toContain("its column 'step' says otherwise");
  });

  const stack = (arrays: Parameters<typeof holding>[0]): MemoryFile =>
    holding({ pred: [3, 5, 8], target: [3, 5, 8], ...arrays });

  test.each([
    [{ steps: { values: [0, 50, 100] } }, [0, 50, 100]],
    [{ epochs: { values: [1, 2, 2] } }, [1, 2]],
    [{ global_step: { values: [7, 8, 9] }, epoch: { values: [1, 1, 2] } }, [7, 8, 9]],
    [{ epoch: { values: [4] } }, [4]],
    // What falls, is no number of steps, is not one for each entry, or counts something else.
    [{ steps: { values: [2, 1, 3] } }, [null]],
    [{ epochs: { values: [0.5, 1, 2] } }, [null]],
    [{ steps: { values: [1, 2, 3, 4, 5] } }, [null]],
    [{ frames: { values: [0, 1, 2] } }, [null]],
  ])('of a stack of batches by another unit of training: %j', async (columns, expected) => {
    expect(numbers(await one({ 'run/all.npz': stack(columns) }))).toEqual(expected);
  });

  test('by such a unit divides a table whose rows share its numbers', async () => {
    const columns = { pred: [6, 8] as const, target: [6, 8] as const };
    const by = (name: string, values: readonly number[]) =>
      one({ 'run/all.parquet': holding({ ...columns, [name]: { values } }) }).then(numbers);
    expect(await by('epoch', [0, 0, 1, 1, 2, 2])).toEqual([0, 1, 2]);
    expect(await by('global_step', [30, 20, 10, 30, 20, 10])).toEqual([10, 20, 30]);
    expect(await by('steps', [0, 1, 2, 3, 4, 5])).toEqual([null]);
    expect(await by('label', [0, 0, 1, 1, 2, 2])).toEqual([null]);
  });

  test('by such a unit, never divides the rows of one batch or a file that names its step', async () => {
    const rows = { steps: { values: [0, 1, 2] }, pred: [3, 8] as const, target: [3, 8] as const };
    expect(numbers(await one({ 'run/all.npz': holding(rows) }))).toEqual([null]);
    const named = await one({ 'run/step_5.npz': stack({ steps: { values: [0, 1, 2] } }) });
    expect([numbers(named), named.warnings]).toEqual([[5], []]);
  });

  test('leaves a kl_reg in the metadata without a step: E221', async () => {
    const arrays = { step: { values: [1, 2] }, prediction: [2, 8], target: [2, 8] };
    const run = await one({ 'run/all.arrow': holding(arrays, { kl_reg: '1' }) });
    expect([numbers(run), codes(run)]).toEqual([[1, 2], [['E221', 'run/all.arrow', undefined]]]);
  });
});

describe('contradictions and gaps', () => {
  test('two files for one role of one step: E215 names both', async () => {
    const run = await one([...pair('run/step_1'), 'run/step_1/pred.npy', ...pair('run/step_2')]);
    expect(numbers(run)).toEqual([2]);
    expect(codes(run)).toEqual([['E215', 'run/step_1/pred.npy', 1]]);
    expect(run.errors[0]!.message).toBe(
      "step 1 has two files for prediction: 'run/step_1/pred.npy' and 'run/step_1/prediction.npy'",
    );
  });

  test('one step under two paddings is E215 too', async () => {
    const run = await one([...pair('run/step_1'), ...pair('run/step_01')]);
    expect(run.errors.map(({ code }) => code)).toEqual(['E215', 'E215']);
  });

  test('two shared targets are one E215', async () => {
    const run = await one(['run/target.npy', 'run/tgt.npy', 'run/pred_step1.npy', 'run/pred_step2.npy']);
    expect(codes(run)).toEqual([['E215', 'run/target.npy', null]]);
  });

  test('a prediction without a target is E216, a target without a prediction too', async () => {
    const run = await one(['run/pred_step1.npy', 'run/target_step2.npy', ...pair('run/step_3')]);
    expect(numbers(run)).toEqual([3]);
    expect(codes(run)).toEqual([
      ['E216', 'run/pred_step1.npy', 1],
      ['E216', 'run/target_step2.npy', 2],
    ]);
    expect(run.errors[0]!.message).toBe("step 1 has a prediction ('run/pred_step1.npy') and no target");
  });

  test('an incomplete last step is a warning and left out', async () => {
    const run = await one([...pair('run/step_9'), 'run/step_10/prediction.npy']);
    expect([numbers(run), codes(run)]).toEqual([[9], []]);
    expect(run.warnings).toEqual([expect.stringMatching(/step 10 .* no target.* may still be written/)]);
  });

  test("a run's only step, incomplete, is E216", async () => {
    expect(codes(await one(['run/step_1/prediction.npy']))).toEqual([
      ['E216', 'run/step_1/prediction.npy', 1],
    ]);
    expect(codes(await one(['run/target.npy']))).toEqual([['E216', 'run/target.npy', null]]);
  });

  test('where every step lacks its target, one error says so', async () => {
    const run = await one(['run/pred_step1.npy', 'run/pred_step2.npy', 'run/pred_step3.npy']);
    expect(codes(run)).toEqual([['E216', 'run/pred_step1.npy', undefined]]);
    expect(run.errors[0]!.message).toContain('none of 3 steps has a target');
  });

  test('where an array without a role lies beside every step, the error offers it', async () => {
    const files = [1, 2].flatMap((n) => [`run/step_${n}/prediction.npy`, `run/step_${n}/ema_emb.npy`]);
    const offer = "if 'ema_emb.npy' is the target, pass `--target-key ema_emb`; or save it as target.npy";
    expect((await one(files)).errors[0]!.hint).toBe(offer);
    const two = await one([...files, 'run/step_1/x.npy', 'run/step_2/x.npy']);
    expect(two.errors[0]!.hint).not.toContain('--target-key');
  });

  test('a kl_reg without a step beside numbered steps is E221', async () => {
    const run = await one([...pair('run/step_1'), ...pair('run/step_2'), 'run/kl_reg.npy']);
    expect([numbers(run), codes(run)]).toEqual([[1, 2], [['E221', 'run/kl_reg.npy', undefined]]]);
    expect(run.errors[0]!.hint).toContain('kl_reg_step500.json');
  });

  test('a kl_reg of a step without embeddings is ignored', async () => {
    const run = await one([...pair('run/step_1'), 'run/kl_reg_step2.json']);
    expect([numbers(run), codes(run)]).toEqual([[1], []]);
    expect(run.ignored).toEqual([
      { path: 'run/kl_reg_step2.json', reason: 'step 2 has neither prediction nor target' },
    ]);
  });

  test('the same kl_reg in the metadata of both files is one', async () => {
    const file = (value: string): MemoryFile => holding({ x: matrix }, { kl_reg: value });
    const same = { 'run/step_1/prediction.arrow': file('2'), 'run/step_1/target.arrow': file('2') };
    expect(codes(await one(same))).toEqual([]);
    expect(codes(await one({ ...same, 'run/step_1/target.arrow': file('3') }))).toEqual([
      ['E215', 'run/step_1/prediction.arrow', 1],
    ]);
  });

  test('an unnumbered prediction beside numbered steps is left out with a warning', async () => {
    const run = await one([...pair('run/step_1'), 'run/prediction.npy']);
    expect([numbers(run), codes(run)]).toEqual([[1], []]);
    expect(run.warnings).toEqual([expect.stringContaining("'run/prediction.npy' names no step")]);
  });

  test('a shared target that no step needs is ignored', async () => {
    const run = await one([...pair('run/step_1'), 'run/target.npy']);
    expect(run.ignored).toEqual([{ path: 'run/target.npy', reason: 'every step has a target of its own' }]);
  });
});

describe('--target none', () => {
  const request = { target: 'none' } as const;

  test('takes predictions alone', async () => {
    const run = await one([...pair('run/step_1'), 'run/step_2/prediction.npy'], request);
    expect(run.steps.map(({ inputs }) => Object.keys(inputs))).toEqual([['prediction'], ['prediction']]);
    expect(run.ignored).toEqual([{ path: 'run/step_1/target.npy', reason: '--target none' }]);
  });

  test("takes a step's only embedding, by its name", async () => {
    const run = await one(
      [
        'run/embeddings_step1.npy',
        'run/ids_step1.npy',
        'run/step_2.npy',
        'run/step_3/z.npy',
        'run/step_3/y.npy',
      ],
      request,
    );
    expect(run.steps.map(({ inputs }) => inputs.prediction!.path)).toEqual([
      'run/embeddings_step1.npy',
      'run/step_2.npy',
      'run/step_3/z.npy',
    ]);
    expect(codes(run)).toEqual([]);
  });

  test('takes the only matrix of a container', async () => {
    const run = await one({ 'run/step_1.arrow': holding({ h: matrix, id: [4] }) }, request);
    expect(run.steps[0]!.inputs.prediction!.key).toBe('h');
  });

  test('two embeddings of one step are E212', async () => {
    const run = await one(['run/emb_step1.npy', 'run/z_step1.npy'], request);
    expect(codes(run)).toEqual([['E212', 'run/emb_step1.npy', 1]]);
  });

  test('a prediction comes before an embedding', async () => {
    const run = await one(['run/pred_step1.npy', 'run/z_step1.npy'], request);
    expect(run.steps[0]!.inputs.prediction!.path).toBe('run/pred_step1.npy');
    expect(run.ignored).toMatchObject([{ path: 'run/z_step1.npy' }]);
  });

  test('a file given by name needs no role', async () => {
    const files = ['a/h_step1.npy', 'a/h_step2.npy'];
    expect(numbers(await one(files, { ...request, paths: files }))).toEqual([1, 2]);
    expect(numbers(await one(files, { ...request, paths: ['a/h_*.npy'] }))).toEqual([1, 2]);
  });
});

describe('masks and contexts', () => {
  const arrays = { prediction: matrix, target: matrix, keep: { values: [1, 0, 1, 1] }, before: matrix };

  test('maskKey and contextKey choose', async () => {
    const files = { 'run/step_1.npz': holding(arrays) };
    const run = await one(files, { maskKey: 'keep', contextKey: 'before' });
    expect(run.errors).toEqual([]);
    expect(run.steps[0]!.inputs).toMatchObject({ mask: { key: 'keep' }, context: { key: 'before' } });
  });

  test('a maskKey that is in no file of the step is E213', async () => {
    const run = await one({ 'run/step_1.npz': holding(arrays) }, { maskKey: 'valid' });
    expect(codes(run)).toEqual([['E213', 'run/step_1.npz', 1]]);
  });

  test('noMask leaves masks out, with what is wrong with them', async () => {
    const files = {
      'run/step_1/prediction.npy': null,
      'run/step_1/target.npy': null,
      'run/step_1/mask.npy': null,
      'run/step_1/mask.arrow': new InputError('E204', 'cut'),
    };
    expect((await one(files)).errors.map(({ code }) => code)).toEqual(['E204']);
    const run = await one(files, { noMask: true });
    expect(run.errors).toEqual([]);
    expect(Object.keys(run.steps[0]!.inputs)).toEqual(['prediction', 'target']);
    expect(run.ignored).toEqual([{ path: 'run/step_1/mask.npy', reason: '--no-mask' }]);
  });
});
