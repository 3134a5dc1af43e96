import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { NUMBER_WORDS } from '#discovery/names/number-words.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { holding, memoryTree } from './memory-tree.js';

const pair = (directory: string): string[] => [`${directory}/prediction.npy`, `${directory}/target.npy`];

/** What becomes of neighbours of these names: `steps 1 2 3`, `N runs`, `asked` or `refused`. */
async function outcome(
  files: readonly string[],
  request: Partial<DiscoveryRequest> = {},
  root = 'x',
): Promise<string> {
  const { runs, errors } = await discoverRuns({ paths: [root], ...request }, memoryTree(files));
  const codes = [...errors, ...runs.flatMap((run) => run.errors)].map(({ code }) => code);
  if (codes.includes('E304')) return 'asked';
  if (codes.includes('E229')) return 'refused';
  expect(codes).toEqual([]);
  const [first] = runs;
  if (runs.length !== 1) return `${runs.length} runs`;
  return first!.steps.some(({ step }) => step === null)
    ? 'one unnumbered'
    : `steps ${first!.steps.map(({ step }) => step).join(' ')}`;
}

const inDirectories = (names: readonly string[]) => names.flatMap((name) => pair(`x/${name}`));

test.each([
  ['pred', 'target'],
  ['prediction', 'tgt'],
  ['z_pred', 'z_target'],
  ['student', 'teacher'],
])('files whose step follows %s and %s without anything between', async (prediction, target) => {
  const files = [5, 50, 500].flatMap((step) => [`x/${prediction}${step}.npy`, `x/${target}${step}.npy`]);
  expect(await outcome(files, { siblings: 'steps' })).toBe('steps 5 50 500');
  const even = [1, 2, 3].flatMap((step) => [`x/${prediction}${step}.npy`, `x/${target}${step}.npy`]);
  expect(await outcome(even)).toBe('steps 1 2 3');
  expect(await outcome([1, 2, 3].map((step) => `x/emb${step}.npy`))).toBe('steps 1 2 3');
  expect(await outcome([100, 200, 300].map((step) => `x/z${step}.npy`))).toBe('steps 100 200 300');
});

describe('directories that differ in a number', () => {
  test.each([
    // What training code calls its steps.
    ['jepa-ep1 jepa-ep2', 'steps 1 2'],
    ['e0 e5 e10', 'steps 0 5 10'],
    ['e-5 e-10', 'steps 5 10'],
    // The finer of two counts, where the word leaves some alike.
    ['checkpoint_1_1000 checkpoint_1_2000', 'steps 1000 2000'],
    ['checkpoint_1_1000 checkpoint_1_2000 checkpoint_2_3000', 'steps 1000 2000 3000'],
    ['checkpoint_1_1000 checkpoint_2_2000', 'steps 1 2'],
    ['vitl16-e20 vitl16-e40', 'steps 20 40'],
    ['vit-1B-e5 vit-1B-e10', 'steps 5 10'],
    ['model_00000499 model_00000999', 'steps 499 999'],
    ['00000100 00000200', 'steps 100 200'],
    ['0100 0200', 'steps 100 200'],
    ['it100 it200', 'steps 100 200'],
    ['gs_100 gs_200', 'steps 100 200'],
    ['update_7 update_8', 'steps 7 8'],
    ['round3 round1', 'steps 1 3'],
    ['phase1 phase2', 'steps 1 2'],
    ['snapshot-10 snapshot-20', 'steps 10 20'],
    ['gen1 gen2', 'steps 1 2'],
    ['100samples 200samples', 'steps 100 200'],
    ['1B_tokens 2B_tokens', 'steps 1000000000 2000000000'],
    ['10kimg 20kimg', 'steps 10 20'],
    ['1k 2k 10k', 'steps 1000 2000 10000'],
    ['500 1k 1.5k', 'steps 500 1000 1500'],
    ['jepa-1k jepa-2k', 'steps 1000 2000'],
    ['step500k step1M', 'steps 500000 1000000'],
    ['1e3 2e3 1e4', 'steps 1000 2000 10000'],
    ['step_1e3 step_2.5e3', 'steps 1000 2500'],
    ['epoch_0.5 epoch_1.0 epoch_1.5', 'steps 0.5 1 1.5'],
    ['epoch.1 epoch.2', 'steps 1 2'],
    ['epoch=1-val_loss=0.53 epoch=2-val_loss=0.41', 'steps 1 2'],
    ['epoch=1-step=500 epoch=2-step=1000', 'steps 500 1000'],
    ['trainStep5 trainStep10', 'steps 5 10'],
    ['5ep 10ep', 'steps 5 10'],
    ['100_steps 200_steps', 'steps 100 200'],
    ['rl_model_1000_steps rl_model_2000_steps', 'steps 1000 2000'],
    ['model_3epochs model_6epochs', 'steps 3 6'],
    ['seed_3_steps seed_4_steps', '2 runs'],
    ['epoch_1_of_90 epoch_2_of_90', 'steps 1 2'],
    ['100 200 300', 'steps 100 200 300'],
    ['zorp1 zorp2 zorp3', 'steps 1 2 3'],
    ['zorp1 zorp2 zorp4 zorp8 zorp16', 'steps 1 2 4 8 16'],
    // Sweeps, ablations, parts.
    ['seed0 seed1 seed2', '3 runs'],
    ['seed_1 seed_2 seed_3 seed_4 seed_5', '5 runs'],
    ['run1 run2 run3', '3 runs'],
    ['run-1 run-2', '2 runs'],
    ['trial_0 trial_1 trial_2', '3 runs'],
    ['fold1 fold2 fold3 fold4 fold5', '5 runs'],
    ['version_0 version_1 version_2', '3 runs'],
    ['exp1 exp2 exp3', '3 runs'],
    ['job_11 job_12 job_13', '3 runs'],
    ['model1 model2 model3', '3 runs'],
    ['layer1 layer2 layer3', '3 runs'],
    ['layer1 layer2 layer3 layer4 layer5 layer6 layer7 layer8 layer9 layer10 layer11 layer12', '12 runs'],
    ['block_0 block_1 block_2', '3 runs'],
    ['head0 head1 head2', '3 runs'],
    ['lr1e-3 lr1e-4 lr1e-5', '3 runs'],
    ['lr0.1 lr0.2 lr0.3', '3 runs'],
    ['lr_0.1_wd_0.01 lr_0.1_wd_0.1 lr_0.3_wd_0.1', '3 runs'],
    ['wd0.05 wd0.1 wd0.15', '3 runs'],
    ['bs256 bs512 bs1024', '3 runs'],
    ['bs64 bs128', '2 runs'],
    ['batch32 batch64 batch128', '3 runs'],
    ['dim64 dim128', '2 runs'],
    ['dim64 dim128 dim192', '3 runs'],
    ['width1 width2 width3', '3 runs'],
    ['tau0.99 tau0.996', '2 runs'],
    ['tau0.97 tau0.98 tau0.99', '3 runs'],
    ['ema0.9 ema0.99', '2 runs'],
    ['vit-1B vit-7B', '2 runs'],
    ['llama-1B llama-3B llama-7B', '3 runs'],
    ['mask0.5 mask0.6 mask0.7', '3 runs'],
    ['baseline ablation', '2 runs'],
    ['a1b2c3d4 e5f6a7b8 0c9d8e7f', '3 runs'],
    ['3f9a2k1c 8e5x2b7q', '2 runs'],
    ['run-20240101_123456-ab12cd34 run-20240102_101112-xy98zw76', '2 runs'],
    ['wandb-3k9x2b1a wandb-7c1d9e5f', '2 runs'],
    // What only the user knows.
    ['2024-01-31 2024-02-01', 'asked'],
    ['2024-01-31_12-00-00 2024-01-31_13-30-00 2024-02-01_09-15-00', 'asked'],
    ['20240131-120000 20240131-133000', 'asked'],
    ['12-34-56 13-00-10', 'asked'],
    ['100 200', 'asked'],
    ['zorp1 zorp2', 'asked'],
    ['zorp1 zorp2 zorp4', 'asked'],
    ['zorp0.1 zorp0.2 zorp0.3', 'asked'],
    ['v1 v2 v3', 'asked'],
    ['s1 s2 s3 s4 s5', 'asked'],
    ['zorp-1B zorp-7B', 'asked'],
    ['seed0001 seed0002', 'asked'],
    // Two numbers that may both be the step.
    ['a1_100 a1_200 a2_100 a2_200', 'refused'],
    ['seed0_100 seed0_200 seed1_100 seed1_200', 'refused'],
    ['3-100 3-200 4-100', 'refused'],
  ])('%s: %s', async (names, expected) => {
    const files = inDirectories(names.split(' '));
    expect(await outcome(files)).toBe(expected);
    // A shell writes the same names out.
    const paths = names.split(' ').map((name) => `x/${name}`);
    expect(await outcome(files, { paths })).toBe(expected);
  });

  test.each(['seed0 seed1', 'foo-1 foo-2', '2024-01-31 2024-02-01', 'phase1 phase2', 'zorp1 zorp2 zorp3'])(
    '%s that hold steps are runs',
    async (names) => {
      const files = names
        .split(' ')
        .flatMap((name) => [...pair(`x/${name}/step_1`), ...pair(`x/${name}/step_2`)]);
      expect(await outcome(files)).toBe(`${names.split(' ').length} runs`);
      const nested = names.split(' ').flatMap((name) => inDirectories([`${name}/e1`, `${name}/e2`]));
      expect(await outcome(nested)).toBe(`${names.split(' ').length} runs`);
    },
  );

  test('arrays of other widths are no steps of one run', async () => {
    const files = Object.fromEntries(
      [64, 128, 192].flatMap((width) =>
        ['prediction', 'target'].map((role) => [`x/zorp${width}/${role}.npz`, holding({ a: [4, width] })]),
      ),
    );
    const { runs, errors } = await discoverRuns({ paths: ['x'] }, memoryTree(files));
    expect([runs.length, errors]).toEqual([3, []]);
  });

  test('Hydra keeps a day, and a time of it, in directories of their own', async () => {
    const day = (name: string) => pair(`x/outputs/${name}`);
    expect(await outcome([...day('2024-01-31/12-34-56'), ...day('2024-01-31/13-00-00')])).toBe('asked');
    const runs = ['2024-01-31/12-34-56', '2024-02-01/09-00-00'].flatMap((name) => day(`${name}/epoch_1`));
    expect(await outcome(runs)).toBe('2 runs');
  });
});

describe('files that differ in a number', () => {
  test.each([
    [
      'embeddings_0_prediction embeddings_0_target embeddings_1_prediction embeddings_1_target embeddings_2_prediction embeddings_2_target',
      'steps 0 1 2',
    ],
    ['pred_0001 target_0001 pred_0002 target_0002', 'steps 1 2'],
    ['pred-e5 target-e5 pred-e10 target-e10', 'steps 5 10'],
    ['3k_pred 3k_target 10k_pred 10k_target', 'steps 3000 10000'],
    ['pred_1 target_1 pred_2 target_2', 'asked'],
  ])('%s: %s', async (names, expected) => {
    const files = names.split(' ').map((name) => `x/${name}.npy`);
    expect(await outcome(files)).toBe(expected);
    expect(await outcome(files, { paths: files })).toBe(expected);
    expect(await outcome(files, { paths: ['x/*.npy'] })).toBe(expected);
  });

  test('containers', async () => {
    const both = holding({ prediction: [4, 8], target: [4, 8] });
    const files = [100, 200, 300].map((step) => [`x/${String(step).padStart(8, '0')}.npz`, both] as const);
    const { runs } = await discoverRuns({ paths: ['x'] }, memoryTree(Object.fromEntries(files)));
    expect(runs.map(({ steps }) => steps.map(({ step }) => step))).toEqual([[100, 200, 300]]);
  });
});

describe('--siblings', () => {
  test.each([
    ['zorp1 zorp2', 'steps 1 2', '2 runs'],
    ['100 200 300', 'steps 100 200 300', '3 runs'],
    ['e1 e2 e3', 'steps 1 2 3', '3 runs'],
    ['model_0001 model_0002', 'steps 1 2', '2 runs'],
    ['seed1 seed2', 'steps 1 2', '2 runs'],
    ['2024-01-31 2024-02-01', 'steps 20240131000000 20240201000000', '2 runs'],
    ['step_1 step_2', 'steps 1 2', 'steps 1 2'],
  ])('%s', async (names, asSteps, asRuns) => {
    const files = inDirectories(names.split(' '));
    expect(await outcome(files, { siblings: 'steps' })).toBe(asSteps);
    expect(await outcome(files, { siblings: 'runs' })).toBe(asRuns);
  });
});

test('a question names both readings, and two numbers the patterns that choose', async () => {
  const asked = await discoverRuns({ paths: ['x'] }, memoryTree(inDirectories(['zorp1', 'zorp2'])));
  expect(asked.runs).toEqual([]);
  expect(asked.errors[0]!.message).toBe(
    "'x/zorp1' and 'x/zorp2' (2 such names) have numbers after 'zorp': they may be steps 1, 2 of one run, or 2 runs",
  );
  const files = inDirectories(['a1_100', 'a1_200', 'a2_100']);
  const refused = await discoverRuns({ paths: ['x'] }, memoryTree(files));
  expect(refused.runs).toEqual([]);
  const hint = refused.errors[0]!.hint!;
  expect(hint).toContain("--pred 'x/a{step}_100/prediction.npy' --target 'x/a{step}_100/target.npy'");
  const [, pred, target] = /--pred '(x\/a1_[^']+)' --target '([^']+)'/.exec(hint)!;
  const { runs } = await discoverRuns({ paths: [], pred: pred!, target: target! }, memoryTree(files));
  expect(runs[0]!.steps.map(({ step }) => step)).toEqual([100, 200]);
});

test.each([
  // A loss beside the number of the step, as in a template of Keras: only the whole number can be chosen.
  ['weights.01-0.51 weights.02-0.33 weights.03-0.27', ['prediction', 'target'], [[1, 2, 3]]],
  [
    'a1_b10 a2_b30 a3_b20',
    ['prediction', 'target'],
    [
      [1, 2, 3],
      [10, 20, 30],
    ],
  ],
  [
    'a1_b10 a2_b30 a3_b20',
    ['z_hat', 'z'],
    [
      [1, 2, 3],
      [10, 20, 30],
    ],
  ],
  [
    'a1_b10 a2_b30 a3_b20',
    ['embeddings'],
    [
      [1, 2, 3],
      [10, 20, 30],
    ],
  ],
])('%s of %j: each choice that the error offers finds the steps', async (names, roles, expected) => {
  const files = names.split(' ').flatMap((name) => roles.map((role) => `x/${name}/${role}.npy`));
  const { errors } = await discoverRuns({ paths: ['x'] }, memoryTree(files));
  const choices = [...errors[0]!.hint!.matchAll(/--pred '([^']+)' --target '?([^'`]+)/g)];
  const found = [];
  for (const [, pred, target] of choices) {
    const { runs } = await discoverRuns({ paths: [], pred: pred!, target: target! }, memoryTree(files));
    found.push(...runs.map(({ steps }) => steps.map(({ step }) => step)));
  }
  expect(found).toEqual(expected);
});

test('runs of one step each that could be steps are not read so without a word', async () => {
  const warned = async (names: string, request: Partial<DiscoveryRequest> = {}) =>
    (
      await discoverRuns({ paths: ['x'], ...request }, memoryTree(inDirectories(names.split(' '))))
    ).runs.flatMap(({ warnings }) => warnings);
  expect(await warned('model_1 model_2 model_3')).toEqual([expect.stringContaining('`--siblings steps`')]);
  expect(await warned('model_1 model_2')).toEqual([]);
  expect(await warned('seed_1 seed_2 seed_3')).toEqual([]);
  expect(await warned('model_1 model_2 model_3', { siblings: 'runs' })).toEqual([]);
});

test('ranks are no steps, whatever numbers lie beside them', async () => {
  const files = [0, 1].flatMap((rank) =>
    ['00100', '00200'].flatMap((step) =>
      ['pred', 'target'].map((role) => `x/${step}/${role}_rank${rank}.npy`),
    ),
  );
  expect(await outcome(files)).toBe('steps 100 200');
});

describe('generated names', () => {
  const known = new Set(NUMBER_WORDS.flatMap(({ words }) => words));
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const word = fc
    .string({ unit: fc.constantFrom(...letters), minLength: 4, maxLength: 9 })
    .filter(
      (text) =>
        !known.has(text) && !/^(of|rank|gpu|shard|device|part|worker|proc|chunk|piece|node|host)/.test(text),
    );
  const joint = fc.constantFrom('', '_', '-', '=', '.', '__');
  const prefix = fc.constantFrom('', 'jepa-', 'vitl16-', 'my.run_');
  const suffix = fc.constantFrom('', '_final', '-ema', '.x');

  test('evenly spaced numbers are steps after any word, in any spelling', async () => {
    await fc.assert(
      fc.asyncProperty(
        prefix,
        word,
        joint,
        suffix,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 3, max: 8 }),
        fc.nat(9),
        async (before, name, between, behind, from, gap, count, padding) => {
          const numbers = Array.from({ length: count }, (_, i) => from + i * gap);
          const names = numbers.map(
            (n) => `${before}${name}${between}${String(n).padStart(padding, '0')}${behind}`,
          );
          expect(await outcome(inDirectories(names))).toBe(`steps ${numbers.join(' ')}`);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('two of them are asked about, or are steps by their form; never silently runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        word,
        joint,
        suffix,
        fc.nat(999),
        fc.integer({ min: 1, max: 999 }),
        fc.nat(9),
        async (name, between, behind, from, gap, padding) => {
          const names = [from, from + gap].map(
            (n) => `${name}${between}${String(n).padStart(padding, '0')}${behind}`,
          );
          expect(await outcome(inDirectories(names))).toMatch(/^(asked|steps \d+ \d+)$/);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a known word says what its number counts, in any spelling', async () => {
    const rows = NUMBER_WORDS.flatMap(({ kind, words }) => words.map((text) => ({ kind, text })));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rows),
        prefix,
        fc.constantFrom('', '_', '-', '='),
        fc.nat(3),
        async ({ kind, text }, before, between, padding) => {
          const names = [1, 2, 3].map((n) => `${before}${text}${between}${String(n).padStart(padding, '0')}`);
          const expected = kind === 'step' ? 'steps 1 2 3' : kind === 'either' ? 'asked' : '3 runs';
          expect([names, await outcome(inDirectories(names))]).toEqual([names, expected]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
