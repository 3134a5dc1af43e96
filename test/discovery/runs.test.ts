import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import type { FileTree } from '#discovery/paths/file-tree.js';
import type { DiscoveryRequest } from '#discovery/paths/request.js';
import { InputError } from '#errors.js';
import { holding, memoryTree } from './memory-tree.js';

const pair = (directory: string): string[] => [`${directory}/prediction.npy`, `${directory}/target.npy`];

/** Step numbers by run name. */
async function stepsByRun(request: DiscoveryRequest, files: readonly string[]): Promise<unknown> {
  const { runs, errors } = await discoverRuns(request, memoryTree(files));
  expect([...errors, ...runs.flatMap((run) => run.errors)]).toEqual([]);
  return runs.map(({ run, steps }) => [run, steps.map(({ step }) => step)]);
}

describe('directories as runs', () => {
  test('a directory of runs is several runs, at any depth', async () => {
    const files = [...pair('runs/a/step_1'), ...pair('runs/b/x/step_2'), ...pair('runs/c'), 'runs/README.md'];
    expect(await stepsByRun({ paths: ['runs'] }, files)).toEqual([
      ['runs/a', [1]],
      ['runs/b/x', [2]],
      ['runs/c', [null]],
    ]);
    const { runs } = await discoverRuns({ paths: ['runs'] }, memoryTree(files));
    expect(runs[0]!.ignored).toEqual([{ path: 'runs/README.md', reason: 'no role in its name' }]);
  });

  test('several directories are several runs, in the order given', async () => {
    const files = [...pair('b/step_1'), ...pair('a/step_2')];
    expect(await stepsByRun({ paths: ['b', 'a'] }, files)).toEqual([
      ['b', [1]],
      ['a', [2]],
    ]);
    expect(await stepsByRun({ paths: ['.'] }, files)).toEqual([
      ['a', [2]],
      ['b', [1]],
    ]);
  });

  test('a step directory given by itself is one run with that step', async () => {
    const files = ['run/step_500/a/prediction.npy', 'run/step_500/b/target.npy'];
    expect(await stepsByRun({ paths: ['run/step_500'] }, files)).toEqual([['run/step_500', [500]]]);
  });

  test('step directories of one parent, as a shell expands run/step_*, are one run', async () => {
    const files = [...pair('run/step_1'), ...pair('run/step_2'), ...pair('other/step_3')];
    const paths = ['run/step_2', 'run/step_1', 'other/step_3'];
    const expected = [
      ['run', [1, 2]],
      ['other/step_3', [3]],
    ];
    expect(await stepsByRun({ paths }, files)).toEqual(expected);
    expect(await stepsByRun({ paths: ['run/step_*', 'other/*'] }, files)).toEqual(expected);
  });

  test('an ancestor of the directory given numbers nothing', async () => {
    const files = [...pair('step_1/run'), ...pair('step_1/other/step_7')];
    expect(await stepsByRun({ paths: ['step_1/run'] }, files)).toEqual([['step_1/run', [null]]]);
    expect(await stepsByRun({ paths: ['step_1/other'] }, files)).toEqual([['step_1/other', [7]]]);
    expect(
      await stepsByRun({ paths: ['step_1/run/prediction.npy', 'step_1/run/target.npy'] }, files),
    ).toEqual([['step_1/run', [1]]]);
  });

  test('runs beside own steps are named in a warning, unless they are given too', async () => {
    const tree = memoryTree([...pair('run/step_1'), ...pair('run/probe/step_1')]);
    const { runs } = await discoverRuns({ paths: ['run'] }, tree);
    expect(runs.map(({ run }) => run)).toEqual(['run']);
    expect(runs[0]!.warnings).toEqual([expect.stringContaining("'run/probe'")]);
    const asked = await discoverRuns({ paths: ['run', 'run/probe'] }, tree);
    expect(asked.runs.map(({ run, warnings }) => [run, warnings])).toEqual([
      ['run', []],
      ['run/probe', []],
    ]);
  });

  test('overlapping and doubled paths are taken once', async () => {
    const files = [...pair('run/step_1'), ...pair('run/step_2')];
    const paths = ['run/step_1', 'run', './run/', 'run/../run', 'run//step_2', 'run/step_1/prediction.npy'];
    expect(await stepsByRun({ paths }, files)).toEqual([['run', [1, 2]]]);
    const twice = ['run/step_1/prediction.npy', './run/step_1/prediction.npy', 'run/step_1/target.npy'];
    expect(await stepsByRun({ paths: twice }, files)).toEqual([['run/step_1', [1]]]);
  });

  test('an empty directory is a run without steps', async () => {
    const { runs, errors } = await discoverRuns({ paths: ['run'] }, memoryTree(['run/']));
    expect(errors).toEqual([]);
    expect(runs).toEqual([{ run: 'run', marks: {}, steps: [], errors: [], warnings: [], ignored: [] }]);
  });

  test('arrays that no role claims are told of', async () => {
    const tree = memoryTree(['run/a_step1.npy', 'run/sub/b.npy', 'run/x.txt']);
    const { runs } = await discoverRuns({ paths: ['run'] }, tree);
    expect(runs[0]!.warnings).toEqual([expect.stringMatching(/'run\/a_step1.npy' and 1 more.*--pred/)]);
    expect(runs[0]!.ignored.map(({ path }) => path)).toEqual([
      'run/a_step1.npy',
      'run/x.txt',
      'run/sub/b.npy',
    ]);
  });

  test('hidden, temporary and cache names, and files of no role, are never opened', async () => {
    const tree = memoryTree([
      ...pair('run/step_1'),
      'run/.git/step_2/prediction.npy',
      'run/step_3.tmp/prediction.npy',
      'run/step_4/prediction.npy.tmp',
      'run/__pycache__/prediction.npy',
      'run/step_1/ids.npy',
      'run/step_1/ground_truth.jsonl',
      'run/step_1/model.safetensors',
      'run/step_1/prediction.png',
      'run/notes.txt',
    ]);
    const { runs } = await discoverRuns({ paths: ['run'] }, tree);
    expect(runs[0]).toMatchObject({ run: 'run', steps: [{ step: 1 }], errors: [], warnings: [] });
    expect(tree.opened).toEqual([]);
    expect(new Map(runs[0]!.ignored.map(({ path, reason }) => [path, reason]))).toEqual(
      new Map([
        ['run/.git', 'hidden'],
        ['run/__pycache__', 'not data'],
        ['run/step_3.tmp', 'temporary'],
        ['run/step_4/prediction.npy.tmp', 'temporary'],
        ['run/step_1/ids.npy', 'no role in its name'],
        ['run/step_1/ground_truth.jsonl', 'no role in its name'],
        ['run/step_1/model.safetensors', 'its name says weights, and no role'],
        ['run/step_1/prediction.png', expect.stringContaining('.png files are not read')],
        ['run/notes.txt', 'no role in its name'],
      ]),
    );
  });

  test('a target shared by several runs from above is told of', async () => {
    const tree = memoryTree(['runs/target.npy', ...pair('runs/a/step_1'), ...pair('runs/b/step_1')]);
    const { runs } = await discoverRuns({ paths: ['runs'] }, tree);
    expect(runs.map(({ run }) => run)).toEqual(['runs/a', 'runs/b']);
    expect(runs[0]!.ignored).toEqual([{ path: 'runs/target.npy', reason: 'beside runs, and part of none' }]);
  });
});

describe('files and patterns', () => {
  const files = [...pair('a/step_1'), ...pair('a/step_2'), ...pair('b/step_3')];

  test('files and globs together are one run, named after their directory', async () => {
    expect(await stepsByRun({ paths: ['a/step_1/prediction.npy', 'a/*/*.npy'] }, files)).toEqual([
      ['a', [1, 2]],
    ]);
    expect(await stepsByRun({ paths: ['*/*/{prediction,target}.npy'] }, files)).toEqual([
      ['*/*/{prediction,target}.npy', [1, 2, 3]],
    ]);
  });

  test('a glob that matches directories is their runs', async () => {
    expect(await stepsByRun({ paths: ['[ab]'] }, files)).toEqual([
      ['a', [1, 2]],
      ['b', [3]],
    ]);
    expect(await stepsByRun({ paths: ['a/**'] }, files)).toEqual([['a', [1, 2]]]);
  });

  test('a path that exists is no pattern', async () => {
    expect(await stepsByRun({ paths: ['x[1]'] }, pair('x[1]/step_1'))).toEqual([['x[1]', [1]]]);
  });

  test('--pred and --target give role and step', async () => {
    const odd = ['e/out_5.npy', 'e/out_6.npy', 'g/5/truth.npy', 'g/6/truth.npy'];
    const { runs, errors } = await discoverRuns(
      { paths: [], pred: 'e/out_{step}.npy', target: 'g/{step}/truth.npy' },
      memoryTree(odd),
    );
    expect(errors).toEqual([]);
    expect(runs).toMatchObject([{ run: 'e/out_{step}.npy', steps: [{ step: 5 }, { step: 6 }], errors: [] }]);
    expect(runs[0]!.steps[1]!.inputs.target!.path).toBe('g/6/truth.npy');
  });

  test('--pred chooses between two files of one role', async () => {
    const tree = memoryTree([...pair('run/step_1'), 'run/step_1/pred_v2.npy', ...pair('run/step_2')]);
    const { runs } = await discoverRuns({ paths: ['run'], pred: 'run/step_{step}/prediction.npy' }, tree);
    expect(runs[0]).toMatchObject({ steps: [{ step: 1 }, { step: 2 }], errors: [] });
    expect(runs[0]!.ignored).toEqual([
      { path: 'run/step_1/pred_v2.npy', reason: '--pred names other files' },
    ]);
  });

  test('--pred and --target are tried inside each directory', async () => {
    const odd = ['r/a/z_1.npy', 'r/a/t.npy', 'r/b/z_2.npy', 'r/b/t.npy'];
    const request = { paths: ['r/a', 'r/b'], pred: 'z_{step}.npy', target: 't.npy' };
    expect(await stepsByRun(request, odd)).toEqual([
      ['r/a', [1]],
      ['r/b', [2]],
    ]);
  });

  test('--target FILE without a step is shared by every run', async () => {
    const odd = ['runs/a/pred_step1.npy', 'runs/b/pred_step1.npy', 'truth.npy'];
    expect(await stepsByRun({ paths: ['runs'], target: 'truth.npy' }, odd)).toEqual([
      ['runs/a', [1]],
      ['runs/b', [1]],
    ]);
  });

  test('one array is never both prediction and target', async () => {
    const tree = memoryTree({
      'a.npy': null,
      'b.npz': holding({ x: [4, 8] }),
      'c.npz': holding({ x: [4, 8], target: [4, 8], pred: [4, 8] }),
    });
    for (const file of ['a.npy', 'b.npz']) {
      const { runs } = await discoverRuns({ paths: [], pred: file, target: file }, tree);
      expect(runs).toMatchObject([{ steps: [], errors: [{ code: 'E212', path: file }] }]);
    }
    const { runs } = await discoverRuns({ paths: [], pred: 'c.npz', target: 'c.npz' }, tree);
    expect(runs[0]!.steps[0]!.inputs).toMatchObject({
      prediction: { key: 'pred' },
      target: { key: 'target' },
    });
  });

  test('missing paths and globs are E201, and the rest goes on', async () => {
    const { runs, errors } = await discoverRuns(
      { paths: ['a', 'nowhere', 'no*', '', 'x{1}'], pred: 'p_{step}' },
      memoryTree(files),
    );
    expect(errors.map(({ code, path }) => [code, path])).toEqual(
      ['nowhere', 'no*', '', 'x{1}', 'p_{step}'].map((path) => ['E201', path]),
    );
    expect(runs.map(({ run }) => run)).toEqual(['a']);
  });

  test('a given file that no role claims is told of', async () => {
    const paths = [...pair('a/step_1'), 'a/step_1/ids.npy'];
    const { runs } = await discoverRuns({ paths }, memoryTree(paths));
    expect(runs[0]).toMatchObject({ run: 'a/step_1', steps: [{ step: 1 }] });
    expect(runs[0]!.warnings[0]).toContain("'a/step_1/ids.npy' is not used");
    const text = await discoverRuns({ paths: ['a/notes'] }, memoryTree(['a/notes']));
    expect(text.runs[0]!.steps).toEqual([]);
  });
});

describe('steps', () => {
  test('are sorted as numbers, whatever the padding', async () => {
    const steps = fc.uniqueArray(fc.nat(1_000_000), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(8), async (numbers, padding) => {
        const files = numbers.flatMap((step) => pair(`run/step_${String(step).padStart(padding, '0')}`));
        const sorted = [...numbers].sort((a, b) => a - b);
        expect(await stepsByRun({ paths: ['run'] }, files)).toEqual([['run', sorted]]);
      }),
      { numRuns: 50 },
    );
  });

  test('--steps and --last are applied a run', async () => {
    const files = ['a', 'b'].flatMap((run) =>
      [1, 2, 3, 10].flatMap((step) => pair(`runs/${run}/step_${step}`)),
    );
    const both = (steps: number[]): unknown[] => [
      ['runs/a', steps],
      ['runs/b', steps],
    ];
    const paths = ['runs'];
    expect(await stepsByRun({ paths, steps: { from: 2, to: 3 } }, files)).toEqual(both([2, 3]));
    expect(await stepsByRun({ paths, steps: { from: 3, to: Infinity } }, files)).toEqual(both([3, 10]));
    expect(await stepsByRun({ paths, last: 2 }, files)).toEqual(both([3, 10]));
    expect(await stepsByRun({ paths, steps: { from: 0, to: 3 }, last: 1 }, files)).toEqual(both([3]));
    expect(await stepsByRun({ paths, steps: { from: 50, to: 60 } }, files)).toEqual(both([]));
  });

  test('an error of a step outside --steps is dropped with it', async () => {
    const tree = memoryTree(['run/step_1/prediction.npy', ...pair('run/step_2'), ...pair('run/step_3')]);
    const { runs } = await discoverRuns({ paths: ['run'], last: 2 }, tree);
    expect(runs[0]).toMatchObject({ steps: [{ step: 2 }, { step: 3 }], errors: [] });
  });
});

describe('hostile names', () => {
  test.each(['__proto__', 'constructor', 'a b', 'ünï', 'new\nline', '\u202egpj', "it's", '{a,b}', '*'])(
    '%j is a run like any other',
    async (name) => {
      expect(await stepsByRun({ paths: ['runs'] }, pair(`runs/${name}/step_1`))).toEqual([
        [`runs/${name}`, [1]],
      ]);
    },
  );

  test('a very long name is shortened in messages alone', async () => {
    const name = 'x'.repeat(5000);
    expect(await stepsByRun({ paths: ['runs'] }, pair(`runs/${name}/step_1`))).toEqual([
      [`runs/${name}`, [1]],
    ]);
    const { runs } = await discoverRuns({ paths: ['runs'] }, memoryTree([`runs/${name}/prediction.npy`]));
    expect(runs[0]!.errors[0]!.message.length).toBeLessThan(500);
    expect(runs[0]!.errors[0]!.path).toBe(`runs/${name}/prediction.npy`);
  });

  test('__proto__ as a column, a metadata key and a file', async () => {
    const arrays = Object.fromEntries([
      ['__proto__', [4, 8]],
      ['prediction', [4, 8]],
      ['target', [4, 8]],
    ]);
    const tree = memoryTree({ 'run/step_1.npz': holding(arrays), 'run/__proto__': null });
    const { runs } = await discoverRuns({ paths: ['run'] }, tree);
    expect(runs).toMatchObject([{ steps: [{ step: 1 }], errors: [] }]);
  });

  test('a step beyond 2^53 is an error of its own', async () => {
    const tree = memoryTree([...pair('run/step_1'), 'run/pred_step99999999999999999999.npy']);
    const { runs } = await discoverRuns({ paths: ['run'] }, tree);
    expect(runs[0]!.steps.map(({ step }) => step)).toEqual([1]);
    expect(runs[0]!.errors).toMatchObject([{ code: 'E222', path: 'run/pred_step99999999999999999999.npy' }]);
  });

  test('messages stay on one line', async () => {
    const { runs } = await discoverRuns({ paths: ['r'] }, memoryTree(['r/a\nb/prediction.npy']));
    expect(runs[0]!.errors[0]!.message).not.toContain('\n');
  });
});

describe('trees that cannot be read whole', () => {
  test('a directory that cannot be listed is an error, the rest goes on', async () => {
    const tree = memoryTree([...pair('run/step_1'), ...pair('run/step_2')]);
    const refusing: FileTree = {
      ...tree,
      list(dir) {
        if (dir === 'run/step_2') throw new InputError('E202', 'cannot list this directory', { path: dir });
        return tree.list(dir);
      },
    };
    for (const paths of [['run'], ['run/*/*.npy']]) {
      const { runs, errors } = await discoverRuns({ paths }, refusing);
      expect(errors).toMatchObject([{ code: 'E202', path: 'run/step_2' }]);
      expect(runs).toMatchObject([{ steps: [{ step: 1 }], errors: [] }]);
    }
  });

  test('a path that cannot be looked at is an error, the rest goes on', async () => {
    const tree = memoryTree(pair('run/step_1'));
    const refusing: FileTree = {
      ...tree,
      kind(path) {
        if (path.startsWith('secret')) throw new InputError('E202', 'cannot look at this', { path });
        return path === 'fifo' ? 'other' : tree.kind(path);
      },
    };
    const { runs, errors } = await discoverRuns({ paths: ['secret', 'secret/*', 'fifo', 'run'] }, refusing);
    expect(errors.map(({ code }) => code)).toEqual(['E202', 'E202', 'E202']);
    expect(runs).toMatchObject([{ run: 'run', steps: [{ step: 1 }] }]);
  });

  test('a tree without an end is walked only so deep', async () => {
    const endless: FileTree = {
      kind: (path) => (path.endsWith('.npy') ? 'missing' : 'directory'),
      list: () => [{ name: 'd', kind: 'directory' }],
      describe: () => Promise.reject(new InputError('E202', 'cannot read')),
    };
    const { runs } = await discoverRuns({ paths: ['run'] }, endless);
    expect(runs[0]!.ignored).toMatchObject([{ reason: 'more than 32 directories deep' }]);
    const globbed = await discoverRuns({ paths: ['**/x.npy'] }, endless);
    expect(globbed.errors).toMatchObject([{ code: 'E201' }]);
  });
});

test('10,000 step directories cost one look at each', async () => {
  const files = Array.from({ length: 10_000 }, (_, step) => pair(`run/step_${step}`)).flat();
  const { tree, looks } = counted(memoryTree(files));
  const { runs } = await discoverRuns({ paths: ['run'] }, tree);
  expect(runs[0]!.steps).toHaveLength(10_000);
  expect(looks.list).toBe(10_001);
  expect(looks.kind).toBeLessThanOrEqual(10);
  expect(looks.describe).toBe(0);
  const glob = await discoverRuns({ paths: ['run/*/*.npy'] }, tree);
  expect(glob.runs[0]!.steps).toHaveLength(10_000);
  expect(looks.list).toBeLessThanOrEqual(2 * 10_001 + 1);
});

type Look = Exclude<keyof FileTree, 'names'>;

function counted(tree: FileTree): { tree: FileTree; looks: Record<Look, number> } {
  const looks = { kind: 0, list: 0, describe: 0 };
  const count = <K extends Look>(name: K): FileTree[K] =>
    ((path: string) => {
      looks[name]++;
      return tree[name](path);
    }) as FileTree[K];
  return { tree: { kind: count('kind'), list: count('list'), describe: count('describe') }, looks };
}

test('what lies beside step directories that a shell wrote out is ignored', async () => {
  const tree = memoryTree([
    ...pair('run/step_1'),
    ...pair('run/step_2'),
    'run/config.json',
    'run/log.jsonl',
    'run/notes',
  ]);
  const paths = ['run/step_1', 'run/step_2', 'run/config.json', 'run/log.jsonl', 'run/notes'];
  const { runs, errors } = await discoverRuns({ paths }, tree);
  expect(errors).toEqual([]);
  expect(runs.map(({ run, steps }) => [run, steps.length])).toEqual([['run', 2]]);
  expect(runs[0]!.ignored.map(({ path }) => path)).toEqual(paths.slice(2));
  const alone = await discoverRuns({ paths: ['run/notes'] }, tree);
  expect(alone.runs[0]!.steps).toEqual([]);
});

describe('--steps and the containers outside it', () => {
  const both = holding({ prediction: [4, 8], target: [4, 8] });
  const numbered = [1, 2, 3, 4].map((step) => [`run/step_${step}.npz`, both] as const);

  test('are not opened where their name tells the step', async () => {
    const tree = memoryTree(Object.fromEntries(numbered));
    const { runs } = await discoverRuns({ paths: ['run'], steps: { from: 3, to: 9 } }, tree);
    expect(runs[0]!.steps.map(({ step }) => step)).toEqual([3, 4]);
    expect(tree.opened).toEqual(['run/step_3.npz', 'run/step_4.npz']);
  });

  test('are told of where nothing is left', async () => {
    const tree = memoryTree(Object.fromEntries(numbered));
    const { runs } = await discoverRuns({ paths: ['run'], steps: { from: 7, to: 9 } }, tree);
    expect(runs[0]!.warnings).toEqual(["the run's steps go from 1 to 4: none is in 7..9"]);
    expect(tree.opened).toEqual([]);
  });

  test('still make their directory a run, and the step before them no last step', async () => {
    const tree = memoryTree({
      'runs/a/step_1/prediction.npy': null,
      'runs/a/step_2.npz': both,
      'runs/b/step_2.npz': both,
    });
    const { runs } = await discoverRuns({ paths: ['runs'], steps: { from: 0, to: 1 } }, tree);
    expect(runs.map(({ run, errors }) => [run, errors.map(({ code }) => code)])).toEqual([
      ['runs/a', ['E216']],
      ['runs/b', []],
    ]);
  });
});
