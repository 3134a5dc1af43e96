import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Diff } from '#report/types.js';
import { type Curves, ndjsonOf, recordsOf } from '../normal/records.js';
import { collapse } from '../support/collapse.js';
import { sharedFolder } from '../support/run-folder.js';
import { writeRun } from '../support/small-runs.js';

const root = sharedFolder();
const MAIN: Curves = {
  target_effective_rank: [10, 10.1, 9.9, 10, 10.1, 10],
  pred_r2: [0.5, 0.7, 0.8, 0.85, 0.88, 0.9],
  pred_l2_mean: [2, 2, 2, 2, 2, 2],
  target_dead_dim_fraction: [0, 0, 0, 0, 0, 0],
};
const NEW: Curves = {
  ...MAIN,
  target_effective_rank: [10, 9, 7, 6, 5, 5],
  pred_r2: [0.5, 0.75, 0.85, 0.9, 0.95, 0.97],
  pred_l2_mean: [2, 3, 3, 3, 3, 3],
};
const write = (name: string, curves: Curves, own: Parameters<typeof recordsOf>[2] = {}, run = 'exp1') =>
  writeFileSync(join(root, name), ndjsonOf(recordsOf(run, curves, own)));
const run = (...argv: string[]) => collapse(['diff', ...argv], { cwd: root });
const compared = async (...argv: string[]) => {
  const ran = await run(...argv, '--json');
  return { code: ran.code, diff: JSON.parse(ran.stdout) as Diff };
};

beforeAll(() => {
  write('main.ndjson', MAIN);
  write('new.ndjson', NEW);
});

describe('collapse diff', () => {
  it('lists what is worse first, then what differs, the same and better', async () => {
    const { code, diff } = await compared('main.ndjson', 'new.ndjson');
    expect(code).toBe(0);
    expect(diff.metrics.map(({ metric, change }) => [metric, change])).toEqual([
      ['target_effective_rank', 'worse'],
      ['pred_l2_mean', 'differs'],
      ['target_dead_dim_fraction', 'same'],
      ['pred_r2', 'better'],
    ]);
    expect(diff.metrics[0]).toMatchObject({ a: 10, b: 5, ratio: 0.5, worstStep: 500 });
    expect(diff.metrics[0]!.values).toHaveLength(6);
    expect(diff.steps).toEqual([100, 200, 300, 400, 500, 600]);
    expect(diff.exitReason).toBe('no --fail-if given');
    const schema = JSON.parse(readFileSync('schema/diff.schema.json', 'utf8'));
    const isValid = new Ajv2020({ strict: false }).compile(schema);
    expect(isValid(diff), JSON.stringify(isValid.errors)).toBe(true);
  });

  it('prints a table, with the verdict in the last line', async () => {
    const { stdout } = await run('main.ndjson', 'new.ndjson');
    expect(stdout).toMatch(/target_effective_rank +10 +5 +0\.5 +worse/);
    expect(stdout).not.toContain('target_dead_dim_fraction');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '1 metric worse, 1 other, 1 better, 1 the same: no --fail-if given (exit 0)',
    );
    expect((await run('main.ndjson', 'new.ndjson', '--verbose')).stdout).toContain(
      'target_dead_dim_fraction',
    );
  });

  it('says what noise one run can tell', async () => {
    for (const output of ['table', 'markdown']) {
      const { stdout } = await run('main.ndjson', 'new.ndjson', '-o', output);
      expect(stdout.replaceAll('\n  ', ' ')).toContain('Seeds of one recipe may be further apart');
    }
  });

  it('fails by rules of the reference alone', async () => {
    const rule = 'target_effective_rank < 80% of reference for 2';
    const { code, diff } = await compared('main.ndjson', 'new.ndjson', '--fail-if', rule);
    expect(code).toBe(1);
    expect(diff.alerts.map(({ step }) => step)).toEqual([400, 500, 600]);
    expect(diff.rules.map(({ expression }) => expression)).toEqual([rule]);
    expect((await run('new.ndjson', 'main.ndjson', '--fail-if', rule)).code).toBe(0);
  });

  it('writes a comment for a pull request, and a page of both runs', async () => {
    const { stdout } = await run('main.ndjson', 'new.ndjson', '-o', 'markdown', '-o', 'html=both.html');
    expect(stdout).toMatch(/^## 1 metric worse, 1 other, 1 better, 1 the same\n/);
    expect(stdout).toContain('| `target_effective_rank` | 10 | 5 | 0.5 | **worse** |');
    expect(stdout).toContain('<details><summary>1 the same within the noise</summary>');
    const page = readFileSync(join(root, 'both.html'), 'utf8');
    expect(page).toContain('main.ndjson');
    expect(page).toContain('new.ndjson');
    expect((await run('main.ndjson', 'new.ndjson', '-o', 'sarif')).code).toBe(2);
  });

  it('compares a run with itself, and steps between those of the other', async () => {
    const { diff } = await compared('main.ndjson', 'main.ndjson');
    expect(new Set(diff.metrics.map(({ change }) => change))).toEqual(new Set(['same']));
    write('between.ndjson', MAIN, { steps: [50, 150, 250, 350, 550, 700] });
    const between = await compared('main.ndjson', 'between.ndjson');
    expect(between.diff.steps).toEqual([150, 250, 350, 550]);
    expect(between.diff.metrics.find(({ metric }) => metric === 'pred_r2')!.values[0]!.a).toBeCloseTo(
      0.6127,
      3,
    );
  });

  it('measures directories, and takes a normal for the first', async () => {
    for (const [i, name] of ['x', 'y', 'z'].entries()) {
      writeRun(root, [{}, { target: 1 + i / 10 }, { rest: 0.9 - i / 10 }], { name: `seeds/${name}` });
    }
    expect((await compared('seeds/x', 'seeds/y')).diff.a).toMatchObject({ path: 'seeds/x', runs: 1 });
    expect(
      (await collapse(['calibrate', 'seeds', '--alpha', '0.25', '-o', 'n.json'], { cwd: root })).code,
    ).toBe(0);
    const { code, diff } = await compared('n.json', 'seeds/x', '--fail-if', 'outside reference');
    expect(code).toBe(0);
    expect(diff.a).toEqual({ path: 'n.json', runs: 3 });
    expect(diff.b).toMatchObject({ status: 'ok', reference: { since: null, p: 1 } });
    const inside = await run('n.json', 'seeds/x');
    expect(inside.stdout).toMatch(/^B seeds\/x: ok, healthy, inside, p 1$/m);
    expect(inside.stdout).not.toContain('Noise is');
    writeRun(root, [{}, { rest: 0.02 }, { rest: 0.01 }], { name: 'lost' });
    const lost = await compared('n.json', 'lost');
    expect([lost.code, lost.diff.b.status]).toEqual([0, 'alert']);
    expect(lost.diff.b.reference!.by!.length).toBeGreaterThan(0);
    expect((await run('n.json', 'lost', '-o', 'markdown')).stdout).toMatch(
      /^B `lost`: .*outside since step/m,
    );
  });
});

describe('what cannot be compared', () => {
  it('is wrong usage where it is not two runs, or a rule that a golden run cannot answer', async () => {
    for (const argv of [[], ['main.ndjson'], ['main.ndjson', 'new.ndjson', 'new.ndjson']]) {
      expect((await run(...argv)).code).toBe(2);
    }
    const outside = await run('main.ndjson', 'new.ndjson', '--fail-if', 'outside reference');
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain('collapse diff normal.json runs/new');
  });

  it('ends with 3 for another width, several runs on one side, or a file that is gone', async () => {
    write('wide.ndjson', MAIN, { dims: 32 });
    const wide = await run('main.ndjson', 'wide.ndjson');
    expect(wide.code).toBe(3);
    expect(wide.stderr).toContain('dims 16 and 32');
    expect(wide.stderr).toContain('help: compare runs of one recipe, measured with the same flags');
    const two = [...recordsOf('a', MAIN), ...recordsOf('b', MAIN)];
    writeFileSync(join(root, 'two.ndjson'), ndjsonOf(two));
    expect((await run('main.ndjson', 'two.ndjson')).stderr).toContain('two.ndjson has 2 runs');
    expect((await run('main.ndjson', 'gone.ndjson')).code).toBe(3);
    expect((await run('main.ndjson', 'gone')).code).toBe(3);
  });

  it('ends with 4 where no step is in common, and lists a metric that one of them lacks', async () => {
    write('late.ndjson', MAIN, { steps: [1000, 1100, 1200, 1300, 1400, 1500] });
    expect((await run('main.ndjson', 'late.ndjson')).code).toBe(4);
    const { pred_r2: _, ...rest } = MAIN;
    write('less.ndjson', rest);
    const { diff } = await compared('main.ndjson', 'less.ndjson');
    expect(diff.notCompared).toEqual([{ metric: 'pred_r2', reason: 'the second run does not have it' }]);
  });
});
