import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, sharedFolder, writeFile } from '../support/run-folder.js';
import { type Condition, writeRun } from '../support/small-runs.js';

const cwd = sharedFolder();
const alive = (n: number): Condition[] => Array.from({ length: n }, () => ({}));
/** A point, at two steps in a row and at one. */
const DEAD = [...alive(4), { target: 0 }, { target: 0 }, ...alive(3)];
const ONE_DEAD = [...alive(4), { target: 0 }, ...alive(3)];
writeRun(cwd, DEAD, { name: 'dead' });
writeRun(cwd, ONE_DEAD, { name: 'one' });
writeRun(cwd, [{}, { target: 0 }], { name: 'young' });
writeRun(cwd, [{ target: 0 }, { target: 0 }, { target: 0 }, { target: 0 }, { target: 0 }], {
  name: 'always',
});

async function check(run: string, ...flags: string[]) {
  const { code, stdout, stderr } = await collapse(['check', run, ...flags, '--width', '500'], { cwd });
  return { code, stderr, stdout, last: stdout.trim().split('\n').at(-1)! };
}

describe('a run with a dead batch inside exits 0 only with a word', () => {
  it.each<[string, string, string[], RegExp]>([
    [
      'one is too few in a row',
      'one',
      [],
      /^WARN one: .*jepa\.target_constant warned at step 500, recovered at step 600/,
    ],
    [
      'too few steps',
      'young',
      [],
      /^EARLY young: too early to tell: 2 of 3 steps; .*target_constant warned at step 200/,
    ],
    [
      '--judge latest',
      'dead',
      ['--judge', 'latest'],
      /^ok dead: no alert at the latest judged step; earlier, /,
    ],
    [
      '--fail-on never',
      'dead',
      ['--fail-on', 'never'],
      /^ALERT dead: complete collapse .*\(exit 0: .*--fail-on never lets pass\)/,
    ],
    [
      '--exit-zero',
      'dead',
      ['--exit-zero'],
      /^ALERT dead: complete collapse .*\(exit 0: .*--exit-zero lets pass\)/,
    ],
    [
      'rfc-0005, blind to both dying',
      'always',
      ['--preset', 'rfc-0005'],
      /^ok always: .*diagnosed as complete collapse since step 100/,
    ],
    [
      'rules of one’s own',
      'always',
      ['--preset', 'none', '--fail-if', 'pred_l2_mean > 100'],
      /^ok always: .*diagnosed as complete collapse/,
    ],
  ])('%s', async (_, run, flags, says) => {
    const { code, last } = await check(run, ...flags);
    expect([code, last]).toEqual([0, expect.stringMatching(says)]);
  });

  it.each<[string, string[], RegExp]>([
    ['--after', ['--after', '600'], /6 steps measured and not judged: only steps after 600 are judged/],
    [
      '--log-every-steps',
      ['--log-every-steps', '400'],
      /7 steps measured and not judged: only multiples of 400/,
    ],
    ['--steps', ['--steps', '..400'], /4 steps, 100–400/],
    ['--last', ['--last', '3'], /3 steps, 700–900/],
  ])('%s', async (_, flags, says) => {
    const { code, stdout } = await check('dead', ...flags);
    expect([code, stdout]).toEqual([0, expect.stringMatching(says)]);
  });

  it('steps with fractions are judged like others', async () => {
    const root = folder();
    for (let k = 1; k <= 9; k++) {
      const from = `${cwd}/dead/step_${k}00`;
      for (const name of ['prediction.npy', 'target.npy']) {
        writeFile(root, `run/epoch_${k / 2}/${name}`, readFileSync(`${from}/${name}`));
      }
    }
    const { code, stdout } = await collapse(['check', 'run'], { cwd: root });
    expect([code, stdout]).toEqual([1, expect.not.stringContaining('not judged: only')]);
  });

  it('--ignore leaves the other rules, which see it', async () => {
    expect((await check('dead', '--ignore', 'jepa.target_constant')).code).toBe(1);
  });

  it('a rule without a value is named', async () => {
    const { code, last } = await check('one', '--fail-if', 'copy_skill < 0');
    expect([code, last]).toEqual([0, expect.stringContaining('copy_skill < 0 could not be decided')]);
    expect((await check('one', '--preset', 'none', '--fail-if', 'copy_skill < 0')).code).toBe(4);
  });

  it('an incomplete last step is a warning', async () => {
    const root = folder();
    writeRun(root, alive(5));
    writeFile(root, 'run/step_600/prediction.npy', 'half');
    const { code, stderr } = await collapse(['check', 'run'], { cwd: root });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/warning: .*target/)]);
  });

  it('a batch of few directions for one step is noted', async () => {
    const root = folder();
    writeRun(root, [...alive(4), { rest: 1e-4 }, ...alive(3)]);
    const { code, stdout } = await collapse(['check', 'run', '--width', '300'], { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /jepa\.target_rank_\S+ was beyond its bound at step 500: too few consecutive steps/,
    );
  });
});
