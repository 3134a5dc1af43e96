import { describe, expect, it } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { filesToInspect } from '#discovery/paths/files-to-inspect.js';
import { InputError } from '#errors.js';
import type { EntryKind } from '#io/directories.js';
import { memoryTree } from './memory-tree.js';

const STEP = ['run/step_1/prediction.npy', 'run/step_1/target.npy'];
const store = (path: string) => [`${path}/zarr.json`, `${path}/c/0/0`, `${path}/step_2/prediction.npy`];

describe.each([
  ['version 3', store('run/step_2/pred.zarr')],
  ['version 2', ['run/step_2/pred.zarr/.zarray', 'run/step_2/pred.zarr/0.0']],
  ['a group', ['run/step_2/pred.zarr/.zgroup', 'run/step_2/pred.zarr/prediction/.zarray']],
])('a Zarr store (%s)', (_, files) => {
  it('in a run is told of, with the line that converts it, and not looked into', async () => {
    const { runs, errors } = await discoverRuns({ paths: ['run'] }, memoryTree([...STEP, ...files]));
    expect(errors).toEqual([]);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ run: 'run', steps: [{ step: 1 }], errors: [] });
    expect(runs[0]!.warnings).toEqual([
      "'run/step_2/pred.zarr' is a Zarr store, which is not read; save its array: " +
        '`np.save("run/step_2/pred.npy", zarr.open("run/step_2/pred.zarr", mode="r")[:])`',
    ]);
    expect(runs[0]!.ignored).toEqual([
      { path: 'run/step_2/pred.zarr', reason: 'a Zarr store, which is not read' },
    ]);
  });

  it.each(['run/step_2/pred.zarr', 'run/step_2/*.zarr', 'run/step_2/pred.zarr/'])(
    'named as %s is refused',
    async (path) => {
      const { errors } = await discoverRuns({ paths: [path] }, memoryTree(files));
      expect(errors).toEqual([
        expect.objectContaining({
          code: 'E205',
          path: 'run/step_2/pred.zarr',
          hint: expect.stringContaining('np.save("run/step_2/pred.npy", zarr.open('),
        }),
      ]);
    },
  );

  it('chosen as the prediction is refused', async () => {
    const request = { paths: ['run'], pred: 'run/step_2/pred.zarr' };
    const { errors } = await discoverRuns(request, memoryTree([...STEP, ...files]));
    expect(errors).toEqual([expect.objectContaining({ code: 'E205', path: 'run/step_2/pred.zarr' })]);
  });

  it('is refused when it is to be inspected', async () => {
    for (const path of ['run', 'run/step_2/pred.zarr']) {
      const found = await filesToInspect([path], memoryTree(files));
      expect(found.files).toEqual([]);
      expect(found.errors).toEqual([expect.objectContaining({ code: 'E205' })]);
    }
  });
});

it('is known by its metadata under any name, and several are one warning', async () => {
  const tree = memoryTree([...STEP, ...store('run/step_2/pred'), ...store('run/step_2/target')]);
  const { runs } = await discoverRuns({ paths: ['run'] }, tree);
  expect(runs[0]!.warnings).toEqual([
    expect.stringMatching(
      /^'run\/step_2\/pred' is a Zarr store, which is not read, and 1 more like it are not;/,
    ),
  ]);
});

it('a directory that cannot be looked into is blamed by its own name', async () => {
  const refused = (doing: string) => (path: string) => {
    throw new InputError('E202', `cannot ${doing}: permission denied (EACCES)`, { path });
  };
  const tree = memoryTree(STEP);
  const closed = {
    ...tree,
    kind: (path: string): EntryKind => (path === 'run' ? 'directory' : refused('look at this')(path)),
    list: refused('list this directory'),
  };
  const { runs, errors } = await discoverRuns({ paths: ['run'] }, closed);
  expect(runs.flatMap(({ errors }) => errors).filter(({ code }) => code === 'E202')).toEqual([]);
  expect(errors).toEqual([
    expect.objectContaining({
      path: 'run',
      message: 'cannot list this directory: permission denied (EACCES)',
    }),
  ]);
});
