import { describe, expect, it } from 'vitest';
import { discoverRuns } from '#discovery/discover.js';
import { MetEntries } from '#discovery/paths/met-entries.js';
import type { TreeEntry } from '#io/directories.js';
import { THOROUGH } from '../support/thorough.js';
import { memoryTree } from './memory-tree.js';

const RUN = ['step_1', 'step_2'].flatMap((step) => [
  `top/run/${step}/prediction.npy`,
  `top/run/${step}/target.npy`,
]);

/** `top/run` with two steps, and `top/data` with so many directories of so many files, none of which is there before it is listed. */
function beside(directories: number, files: number, nameOf: (i: number) => string) {
  const tree = memoryTree([...RUN, 'top/data/train/']);
  let listed = 0;
  return {
    listed: () => listed,
    tree: {
      ...tree,
      kind: (path: string) => (path.startsWith('top/data/train/') ? 'directory' : tree.kind(path)),
      list(path: string): readonly TreeEntry[] {
        listed++;
        if (path === 'top/data/train')
          return Array.from({ length: directories }, (_, i) => ({ name: `n${i}`, kind: 'directory' }));
        if (!path.startsWith('top/data/train/')) return tree.list(path);
        return Array.from({ length: files }, (_, i) => ({ name: nameOf(i), kind: 'file' }));
      },
    },
  };
}

describe('a run beside a folder of data', () => {
  it('is found, however many pictures there are', async () => {
    const { tree } = beside(THOROUGH ? 240 : 24, 5000, (i) => `picture_${i}.jpg`);
    const { runs, errors } = await discoverRuns({ paths: ['top'] }, tree);
    expect(errors).toEqual([]);
    expect(runs.map(({ run, steps }) => [run, steps.map(({ step }) => step)])).toEqual([['top/run', [1, 2]]]);
    const reasons = runs[0]!.ignored.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'no role in its name')).toHaveLength(100_000);
    expect(reasons.filter((reason) => reason === '5000 files there whose names say no role')).toHaveLength(
      THOROUGH ? 220 : 4,
    );
  });

  it.each([
    ['top', ['top']],
    ['a pattern', ['top/**/*.npy']],
  ])('%s: looking ends at a million arrays, and the message names the folder', async (_, paths) => {
    const { tree, listed } = beside(5000, 50_000, (i) => `sample_${i}.npy`);
    const { runs, errors } = await discoverRuns({ paths }, tree);
    expect(errors[0]).toMatchObject({ code: 'E202', path: 'top/data/train' });
    expect(errors[0]?.message).toContain('more than 1000000 entries');
    expect(runs.flatMap(({ steps }) => steps)).toEqual([]);
    expect(listed()).toBeLessThan(50);
  });
});

describe('entries that were met', () => {
  it('are attributed to the deepest directory that most of them lie below', () => {
    const met = new MetEntries(100);
    expect(met.count('a', 60)).toBe(true);
    expect(met.count('a/b/c', 15)).toBe(true);
    expect(met.count('a/b/d', 15)).toBe(true);
    expect(met.count('a/e', 10)).toBe(true);
    expect(met.refusal).toBeNull();
    expect(met.count('/x', 1)).toBe(false);
    expect(met.refusal).toMatchObject({ code: 'E202', path: 'a' });
  });

  it('one directory of all of them is that one, absolute or not', () => {
    for (const path of ['data', '/data', '/', '.']) {
      const met = new MetEntries(100);
      met.count(path, 101);
      expect(met.refusal?.path).toBe(path);
    }
  });
});
