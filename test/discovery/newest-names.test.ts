import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NewestSteps } from '#discovery/paths/newest-steps.js';
import { nodeDirectories } from '#io/node-directories.js';
import { folder } from '../support/run-folder.js';

const anyOther = fc.constantFrom(
  'logs',
  'config.yaml',
  '.hidden',
  'a',
  'z',
  'step_',
  'step_x',
  'part2',
  'st\u00e9p',
);
const anyRun = fc.record({
  padded: fc.boolean(),
  word: fc.constantFrom('step_', 'step_', 'epoch-', 'run'),
  after: fc.constantFrom('', '_done', '.npy'),
  others: fc.uniqueArray(fc.tuple(anyOther, fc.constantFrom('file', 'directory', 'link', 'broken')), {
    selector: ([name]) => name,
    maxLength: 3,
  }),
  /** What takes the place of a step's directory, or comes in beside it. */
  odd: fc.option(
    fc.tuple(
      fc.nat(599),
      fc.constantFrom('file', 'link', 'broken', 'missing'),
      fc.constantFrom('', '0', 'b', '.tmp', '_2'),
    ),
  ),
  last: fc.constantFrom(1, 1, 2, 5, 598, 599, 600),
});

test('the same entries by names as by kinds, whatever lies beside the steps or in their place', () => {
  fc.assert(
    fc.property(anyRun, ({ padded, word, after, others, odd, last }) => {
      const root = folder({ 'elsewhere/x': '' });
      const make = (name: string, kind: string) => {
        const path = join(root, 'run', name);
        if (kind === 'directory') mkdirSync(path, { recursive: true });
        else if (kind === 'file') writeFileSync(path, '');
        else if (kind !== 'missing') symlinkSync(kind === 'link' ? join(root, 'elsewhere') : 'nowhere', path);
      };
      mkdirSync(join(root, 'run'));
      for (let step = 0; step < 600; step++) {
        const name = (more = '') => `${word}${more}${padded ? String(step).padStart(4, '0') : step}${after}`;
        const isOdd = odd?.[0] === step;
        if (!isOdd || odd[2] !== '') make(name(), 'directory');
        if (isOdd) make(odd[2] === '0' ? name('0') : name() + odd[2], odd[1]);
      }
      for (const [name, kind] of others) make(name, kind);
      const tree = nodeDirectories(root);
      const newest = () => NewestSteps.of({ paths: ['run'], last })!;
      const listed = tree.names?.('run') ?? null;
      const some = listed === null ? null : newest().amongNames('run', listed);
      if (some === null) return;
      expect(some).toEqual(newest().among('run', tree.list('run')));
    }),
    { numRuns: 25 },
  );
});

test('kinds are not asked for where the file system counts directories, and all steps are some', () => {
  const root = folder({ 'run/config.yaml': '', 'run/logs/x': '' });
  for (let step = 1; step <= 600; step++) mkdirSync(join(root, `run/step_${step}`));
  const listed = nodeDirectories(root).names?.('run') ?? null;
  const newest = (given: typeof listed) =>
    given &&
    NewestSteps.of({ paths: ['run'], last: 1 })!
      .amongNames('run', given)
      ?.map(({ name }) => name);
  const counting = listed ?? { names: readdirSync(join(root, 'run')).sort(), directories: 601, entry };
  expect(newest(counting)).toEqual(['config.yaml', 'logs', 'step_599', 'step_600']);
  expect(newest({ ...counting, directories: 600 })).toBe(undefined);
});

const entry = (name: string) => ({
  name,
  kind: name.includes('.') ? ('file' as const) : ('directory' as const),
});
