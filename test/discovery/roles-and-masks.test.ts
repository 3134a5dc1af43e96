import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { maskInName } from '#discovery/names/mask-name.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { holding, type MemoryFile, memoryTree } from './memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>> | readonly string[];

async function found(files: Files, request: Partial<DiscoveryRequest> = {}) {
  return discoverRuns({ paths: ['run'], ...request }, memoryTree(files));
}

/** Codes and hints of all errors. */
function told({ runs, errors }: Awaited<ReturnType<typeof found>>): string[] {
  return [...errors, ...runs.flatMap((run) => run.errors)].map(({ code, message }) => `${code}: ${message}`);
}

const steps = (names: readonly string[], numbers = [1, 2, 3]): string[] =>
  numbers.flatMap((step) => names.map((name) => `run/step_${step}/${name}`));

describe('roles by further names', () => {
  test.each([
    ['z_hat', 'z'],
    ['y_hat', 'y'],
    ['zhat', 'z'],
    ['s_hat', 's'],
    ['student', 'teacher'],
    ['student_emb', 'teacher_emb'],
    ['online', 'target'],
    ['online_projection', 'target_projection'],
    ['predictor_output', 'target_encoder_output'],
    ['predicted', 'targets'],
  ])('%s and %s', async (prediction, target) => {
    const asFiles = await found(steps([`${prediction}.npy`, `${target}.npy`]));
    const numbered = await found(
      [1, 2, 3].flatMap((n) =>
        [`run/${prediction}_step${n}.npy`, `run/e${n}_${target}.npy`].map((path) =>
          path.replace('_step', '_e').replace(/e(\d)_(.*)\.npy/, '$2_e$1.npy'),
        ),
      ),
    );
    const both = holding({ [prediction]: [4, 8], [target]: [4, 8] });
    const asKeys = await found(Object.fromEntries([1, 2, 3].map((n) => [`run/step_${n}.npz`, both])));
    for (const result of [asFiles, asKeys, numbered]) {
      expect(told(result)).toEqual([]);
      expect(result.runs.map(({ steps: of }) => of.map(({ inputs }) => Object.keys(inputs).sort()))).toEqual([
        [1, 2, 3].map(() => ['prediction', 'target']),
      ]);
    }
  });
});

describe('embeddings alone', () => {
  test.each([
    'embeddings',
    'features',
    'feats',
    'latents',
    'representations',
    'z',
    'h',
    'encoder_embeddings',
  ])('%s, without a flag', async (name) => {
    const result = await found(steps([`${name}.npy`]));
    expect(told(result)).toEqual([]);
    expect(result.runs).toMatchObject([{ marks: { role: 'embeddings' }, steps: [{}, {}, {}] }]);
    const keyed = await found({ 'run/step_1.npz': holding({ [name]: [4, 8], ids: { values: [1] } }) });
    expect(keyed.runs).toMatchObject([{ marks: { role: 'embeddings' }, steps: [{ step: 1 }] }]);
  });

  test('bare numbered files, and the one array that was given', async () => {
    const bare = await found(['run/000100.npy', 'run/000200.npy']);
    expect(bare.runs[0]).toMatchObject({
      marks: { role: 'embeddings' },
      steps: [{ step: 100 }, { step: 200 }],
    });
    const given = await found(['run/x.npy'], { paths: ['run/x.npy'] });
    expect(given.runs[0]!.marks).toEqual({ byHand: true, role: 'embeddings' });
  });

  test('not beside a prediction anywhere', async () => {
    const result = await found([
      ...steps(['prediction.npy', 'target.npy']),
      'run/step_1/embeddings.npy',
      'run/step_4/features.npy',
    ]);
    expect(result.runs[0]!.marks).toEqual({});
    expect(result.runs[0]!.steps).toHaveLength(3);
  });
});

describe('branches: several pairs a step', () => {
  test.each([
    [
      ['prediction_video.npy', 'target_video.npy', 'prediction_audio.npy', 'target_audio.npy'],
      ['audio', 'video'],
    ],
    [
      ['layer4/pred.npy', 'layer4/target.npy', 'layer8/pred.npy', 'layer8/target.npy'],
      ['layer4', 'layer8'],
    ],
    [
      ['pred_layer4.npy', 'target_layer4.npy', 'pred_layer8.npy', 'target_layer8.npy'],
      ['layer4', 'layer8'],
    ],
    [
      ['pred.npy', 'target.npy', 'pred_aux.npy', 'target_aux.npy', 'mask.npy'],
      [undefined, 'aux'],
    ],
  ])('%s', async (names, branches) => {
    const result = await found(steps(names));
    expect(told(result)).toEqual([]);
    expect(result.runs.map(({ marks, steps: of }) => [marks.branch, of.length])).toEqual(
      branches.map((name) => [name, 3]),
    );
    expect(result.runs.map(({ run }) => run)).toEqual(
      branches.map((name) => (name === undefined ? 'run' : `run [${name}]`)),
    );
  });

  test('in the keys of a container, and of embeddings alone', async () => {
    const keys = ['pred_a', 'target_a', 'pred_b', 'target_b'];
    const file = holding(Object.fromEntries(keys.map((key) => [key, [4, 8]])));
    const result = await found({ 'run/step_1.npz': file, 'run/step_2.npz': file });
    expect(result.runs.map(({ marks }) => marks.branch)).toEqual(['a', 'b']);
    const alone = await found(steps(['features_layer4.npy', 'features_layer8.npy']));
    expect(alone.runs.map(({ marks }) => [marks.branch, marks.role])).toEqual([
      ['layer4', 'embeddings'],
      ['layer8', 'embeddings'],
    ]);
  });

  test('a branch that lacks its target at a step is incomplete there', async () => {
    const files = steps(['prediction_a.npy', 'target_a.npy', 'prediction_b.npy', 'target_b.npy']);
    const result = await found(files.filter((path) => path !== 'run/step_2/target_b.npy'));
    expect(told(result)).toEqual([
      "E216: step 2 has a prediction ('run/step_2/prediction_b.npy') and no target",
    ]);
  });

  test('two files of one name for a role are still a contradiction', async () => {
    expect(told(await found(steps(['pred.npy', 'prediction.npy', 'target.npy'])))[0]).toMatch(/^E215/);
  });
});

describe('masks mean what they say', () => {
  test.each([
    'mask',
    'attention_mask',
    'attn_mask',
    'valid_mask',
    'attentionMask',
    'input_mask',
    'mask_step_5',
    'valid_token_mask',
    'tgt_valid_mask',
    'pred_attention_mask',
    'attentionMask',
  ])('%s: 1 keeps', (name) => expect(maskInName(name)).toBe('keeps'));
  test.each([
    'padding_mask',
    'key_padding_mask',
    'keyPaddingMask',
    'src_key_padding_mask',
    'pad_mask',
    'ignore_mask',
    'paddingMask',
    'pad_mask_step5',
    'target_padding_mask',
    'tgt_key_padding_mask',
    'padding_pred_mask_step5',
  ])('%s: 1 drops', (name) => expect(maskInName(name)).toBe('drops'));
  test.each([
    'target_mask',
    'foo_mask',
    'loss_mask',
    'context_mask',
    'masks',
    'bitmask',
    'pred_mask',
    'context_valid_mask',
  ])('%s: unclear', (name) => expect(maskInName(name)).toBe('unclear'));
  test.each(['masked', 'unmask', 'mask_pred', 'prediction', ''])('%s: none', (name) =>
    expect(maskInName(name)).toBeNull(),
  );

  const pairWith = (name: string) => steps(['prediction.npy', 'target.npy', name]);

  test('the value that keeps is of the input, and the flag has the last word', async () => {
    const keeps = async (name: string, request: Partial<DiscoveryRequest> = {}) =>
      (await found(pairWith(name), request)).runs[0]!.steps[0]!.inputs.mask?.keeps ?? 1;
    expect(await keeps('attention_mask.npy')).toBe(1);
    expect(await keeps('key_padding_mask.npy')).toBe(0);
    expect(await keeps('key_padding_mask.npy', { maskKeeps: 1 })).toBe(1);
    expect(await keeps('mask.npy', { maskKeeps: 0 })).toBe(0);
    expect(await keeps('valid.npy', { maskKey: 'valid' })).toBe(1);
    expect(await keeps('key_padding_mask.npy', { maskKey: 'key_padding_mask' })).toBe(0);
    const keyed = {
      'run/step_1.npz': holding({ prediction: [4, 8], target: [4, 8], padding_mask: { values: [0] } }),
    };
    expect((await found(keyed)).runs[0]!.steps[0]!.inputs.mask!.keeps).toBe(0);
  });

  test.each(['loss_mask.npy', 'target_mask.npy'])(
    '%s is asked about, and either flag answers',
    async (name) => {
      const result = await found(pairWith(name));
      expect(told(result)[0]).toMatch(
        /^E227: the name '\w+_mask' does not say whether a 1 keeps a row or drops it$/,
      );
      const key = name.slice(0, -4);
      const chosen = await found(pairWith(name), { maskKey: key });
      expect([told(chosen), Object.keys(chosen.runs[0]!.steps[0]!.inputs).sort()]).toEqual([
        [],
        ['mask', 'prediction', 'target'],
      ]);
      expect(told(await found(pairWith(name), { noMask: true }))).toEqual([]);
      const shared = await found([...steps(['prediction.npy', 'target.npy']), `run/${name}`]);
      expect(told(shared)).toHaveLength(1);
    },
  );
});

describe('keys name files where files hold one array each', () => {
  const files = steps(['a.npy', 'b.npy', 'prediction.npy', 'target.npy', 'valid.npy']);

  test('and what they name comes before what names itself', async () => {
    const result = await found(files, { predKey: 'a', targetKey: 'b', maskKey: 'valid' });
    expect(told(result)).toEqual([]);
    expect(result.runs[0]!.steps[0]!.inputs).toMatchObject({
      prediction: { path: 'run/step_1/a.npy' },
      target: { path: 'run/step_1/b.npy' },
      mask: { path: 'run/step_1/valid.npy' },
    });
  });

  test.each([{ predKey: 'nope' }, { targetKey: 'nope' }, { maskKey: 'nope' }, { contextKey: 'nope' }])(
    '%j that nothing answers is E213, and no step is measured',
    async (request) => {
      const result = await found(files, request);
      expect(result.runs.flatMap(({ steps: of }) => of)).toEqual([]);
      const errors = told(result);
      expect(errors).toHaveLength(3);
      for (const error of errors) expect(error).toMatch(/^E213.*'nope'/);
    },
  );

  test('a key that one step lacks is its error', async () => {
    const result = await found(
      files.filter((path) => path !== 'run/step_2/valid.npy'),
      { maskKey: 'valid' },
    );
    expect(told(result)).toEqual([
      "E213: step 2 has no mask named 'valid', as an array in a file or as a file",
    ]);
    expect(result.runs[0]!.steps.map(({ step }) => step)).toEqual([1, 3]);
  });
});

describe('given by hand', () => {
  const pair = steps(['prediction.npy', 'target.npy'], [0, 900]);
  test.each<[Partial<DiscoveryRequest>, boolean]>([
    [{ paths: ['run/step_900'] }, true],
    [{ paths: ['run/step_0'] }, true],
    [{ paths: ['run/step_900/prediction.npy', 'run/step_900/target.npy'] }, true],
    [{ paths: [], pred: 'run/step_900/prediction.npy', target: 'run/step_900/target.npy' }, true],
    [{ paths: ['run'] }, false],
    [{ paths: ['run'], last: 1 }, false],
    [{ paths: ['run/step_0', 'run/step_900'] }, false],
    [{ paths: ['run/step_9*/*.npy'] }, false],
    [
      { paths: [], pred: 'run/step_{step}/prediction.npy', target: 'run/step_{step}/target.npy', last: 1 },
      false,
    ],
  ])('%j: %s', async (request, byHand) => {
    const { runs } = await found(pair, request);
    expect(runs[0]!.marks.byHand ?? false).toBe(byHand);
    expect(runs[0]!.steps.length).toBeGreaterThan(0);
  });

  test('a directory with one numbered step is a run that begins', async () => {
    expect((await found(steps(['prediction.npy', 'target.npy'], [5]))).runs[0]!.marks).toEqual({});
    expect((await found(['run/prediction.npy', 'run/target.npy'])).runs[0]!.marks).toEqual({ byHand: true });
  });
});

describe('files that are not read', () => {
  test.each(['pkl', 'h5', 'mat', 'npy.gz', 'json', 'csv', 'bin', 'mmap', 'joblib'])(
    'a step of .%s files is an unreadable one, with the line that converts it',
    async (extension) => {
      const result = await found([
        ...steps(['prediction.npy', 'target.npy'], [1, 2]),
        ...steps([`prediction.${extension}`, `target.${extension}`], [3]),
      ]);
      expect(told(result).every((text) => text.startsWith("E205: 'run/step_3/"))).toBe(true);
      const [first] = result.runs[0]!.errors;
      expect(first!.hint).toContain(`run/step_3/prediction.${extension}`);
      expect(first!.hint).toMatch(/^convert it: `import numpy as np/);
      const beside = await found(steps(['prediction.npy', 'target.npy', `prediction.${extension}`]));
      expect([told(beside), beside.runs[0]!.steps.length]).toEqual([[], 3]);
    },
  );

  test('so are those of formats that nobody knows, but not what is put beside arrays', async () => {
    const odd = await found(steps(['prediction.tfrecord', 'target.tfrecord'], [1]));
    expect(told(odd)).toEqual([
      expect.stringMatching(/^E205: 'run\/step_1\/prediction.tfrecord' is not read/),
      expect.stringMatching(/^E205: 'run\/step_1\/target.tfrecord' is not read/),
    ]);
    const beside = await found(steps(['embeddings.npy', 'prediction.png', 'target.yaml', 'prediction.log']));
    expect([told(beside), beside.runs[0]!.steps.length]).toEqual([[], 3]);
  });

  test('bare names are steps where the others are', async () => {
    const both = holding({ prediction: [4, 8], target: [4, 8] });
    const result = await found({ 'run/step_1.npz': both, 'run/step_2.npz': both, 'run/step_3.pkl': null });
    expect(told(result)).toEqual([expect.stringMatching(/^E205: 'run\/step_3.pkl' is not read/)]);
    const weights = await found([
      ...steps(['prediction.npy', 'target.npy']),
      'run/step_4.pkl',
      'run/checkpoint_4.pkl',
    ]);
    expect(told(weights)).toEqual([]);
    expect(told(await found(['run/step_1.pkl', 'run/step_2.pkl']))).toHaveLength(2);
  });
});

describe('what may be a mask under another name is not passed over in silence', () => {
  const pair = ['pred.npy', 'target.npy'];

  const ofMasks = ({ warnings }: { warnings: readonly string[] }) =>
    warnings.filter((warning) => warning.includes('mask'));

  test.each(['valid', 'is_padding', 'padded_tokens'])('%s.npy beside a pair', async (name) => {
    const files = steps([...pair, `${name}.npy`]);
    const { runs } = await found(files);
    expect(ofMasks(runs[0]!)).toEqual([expect.stringContaining(`\`--mask-key ${name}\``)]);
    const taken = await found(files, { maskKey: name });
    expect([taken.runs[0]!.warnings, taken.runs[0]!.steps[0]!.inputs.mask?.path]).toEqual([
      [],
      `run/step_1/${name}.npy`,
    ]);
    expect(ofMasks((await found(files, { noMask: true })).runs[0]!)).toEqual([]);
  });

  test('an array of one bool a row in the file of a pair', async () => {
    const file = (dtype: string, shape: readonly number[]) => {
      const description = holding({ pred: [4, 3, 8], target: [4, 3, 8], done: shape });
      return {
        ...description,
        arrays: description.arrays.map((array) => (array.key === 'done' ? { ...array, dtype } : array)),
      };
    };
    const warned = async (...args: Parameters<typeof file>) =>
      (await found({ 'run/step_1.npz': file(...args), 'run/step_2.npz': file(...args) })).runs[0]!.warnings
        .length;
    expect([await warned('bool', [4, 3]), await warned('bool', [12])]).toEqual([1, 1]);
    expect([await warned('bool', [4]), await warned('float32', [4, 3])]).toEqual([0, 0]);
  });

  test.each(['input', 'attention', 'loss', 'ids'])('%s.npy says nothing of rows', async (name) => {
    const { runs } = await found(steps([...pair, `${name}.npy`]));
    expect(runs[0]!.warnings).toEqual([]);
  });
});

describe('files that flags name are read as steps like others', () => {
  test.each(['step_1 step_2 step_3', 'e1 e2 e3', '1k 2k 3k'])('in %s', async (names) => {
    const files = names.split(' ').flatMap((name) => [`run/${name}/query.npy`, `run/${name}/key.npy`]);
    for (const request of [
      { predKey: 'query', targetKey: 'key' },
      { pred: 'run/*/query.npy', target: 'run/*/key.npy' },
      { predKey: 'query', target: 'none' },
    ]) {
      const { runs, errors } = await found(files, request);
      expect([errors, runs.map((run) => [run.errors, run.steps.length])]).toEqual([[], [[[], 3]]]);
    }
  });

  test('where the step stands in their names', async () => {
    const files = [1, 2, 3].flatMap((n) => [`run/query_${n}.npy`, `run/key_${n}.npy`]);
    const { runs } = await found(files, { predKey: 'query', targetKey: 'key' });
    expect(runs.map(({ steps: all }) => all.map(({ step }) => step))).toEqual([[1, 2, 3]]);
  });

  test('the warning about arrays without a role names flags that work', async () => {
    const { runs } = await found(steps(['query.npy', 'key.npy']));
    expect(runs[0]!.warnings).toEqual([expect.stringContaining('`--pred-key key --target-key query`')]);
    const alone = await found(steps(['penultimate.npy']));
    expect(alone.runs[0]!.warnings).toEqual([
      expect.stringContaining('`--pred-key penultimate --target none`'),
    ]);
  });
});

test('embeddings beside a pair are not left out without a word', async () => {
  const warned = async (names: string[], request: Partial<DiscoveryRequest> = {}) => {
    const files = [100, 200].flatMap((step) => names.map((name) => `x/step_${step}/${name}.npy`));
    const { runs } = await discoverRuns({ paths: ['x'], ...request }, memoryTree(files));
    return runs.flatMap(({ warnings }) => warnings);
  };
  expect(await warned(['prediction', 'target', 'embeddings'])).toEqual([
    "'x/step_100/embeddings.npy' and 1 more are not measured beside a prediction; `--pred-key embeddings --target none` measures embeddings alone",
  ]);
  expect(await warned(['prediction', 'target'])).toEqual([]);
  expect(await warned(['prediction', 'target', 'features'], { pred: 'x/*/prediction.npy' })).toEqual([]);
  expect(await warned(['embeddings'])).toEqual([]);
  expect(
    await warned(['prediction', 'target', 'embeddings'], { predKey: 'embeddings', target: 'none' }),
  ).toEqual([]);
});
