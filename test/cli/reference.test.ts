import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { type Curves, ndjsonOf, recordsOf } from '../normal/records.js';
import { collapse, ROOT } from '../support/collapse.js';
import { normals } from '../support/normals.js';
import { sharedFolder } from '../support/run-folder.js';
import { writeRun } from '../support/small-runs.js';

const root = sharedFolder();
const normal = normals(9);
const noise = (middle: number, spread: number, steps = 8) =>
  Array.from({ length: steps }, () => middle + spread * normal());
const healthy = (): Curves => ({
  target_effective_rank: noise(10, 0.3),
  target_effective_rank_ratio: noise(0.6, 0.02),
  pred_cos_centered_mean: noise(0.8, 0.02),
});
const LIKE: Curves = {
  target_effective_rank: Array(8).fill(10.1),
  target_effective_rank_ratio: Array(8).fill(0.6),
  pred_cos_centered_mean: Array(8).fill(0.81),
};
const FALLEN: Curves = { ...LIKE, target_effective_rank: [10, 10, 10, 4, 4, 3, 3, 3] };
const NO_VALUE = Array(8).fill(null);

const write = (name: string, curves: Curves, own: Parameters<typeof recordsOf>[2] = {}) =>
  writeFileSync(join(root, `${name}.ndjson`), ndjsonOf(recordsOf(name, curves, own)));
const run = (argv: string) => collapse(argv.split(' '), { cwd: root });
const judged = async (argv: string) => {
  const ran = await run(`${argv} --json`);
  return { ...ran, report: JSON.parse(ran.stdout) as Report };
};
const ALONE = '--reference normal.json --preset none';

beforeAll(async () => {
  for (const name of 'abcdefghi') write(name, healthy());
  write('like', LIKE);
  write('fallen', FALLEN);
  const files = [...'abcdefghi'].map((name) => `${name}.ndjson`).join(' ');
  expect((await run(`calibrate ${files} --alpha 0.1 -o normal.json`)).code).toBe(0);
});

describe('collapse serve', () => {
  it('judges beside a reference too, of all requests or of one', async () => {
    const requests = [
      { run: 'fallen', records: 'fallen.ndjson', flags: { reference: 'normal.json' } },
      { run: 'like', records: 'like.ndjson', flags: { reference: 'normal.json' } },
      { run: 'like', flags: { reference: 'nowhere.json' } },
    ];
    const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
    const { code, stdout } = await collapse(['serve', '--after', '1'], { cwd: root, input });
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).report as Report);
    expect([code, ...reports.map(({ exitCode }) => exitCode)]).toEqual([0, 1, 0, 3]);
    expect(reports[0]!.reference).toEqual({ path: 'normal.json', runs: 9, alpha: 0.1 });
    expect((await collapse(['serve', '--reference', 'nowhere.json'], { cwd: root, input: '' })).code).toBe(3);
  });

  it('reads a reference once, which may come through a pipe', () => {
    const input = '{"run": "fallen", "records": "fallen.ndjson"}\n{"run": "fallen"}\n';
    const script = '"$0" "$1" serve --reference <(cat normal.json)';
    const argv = ['-c', script, process.execPath, join(ROOT, 'bin/collapse.js')];
    const { stdout } = spawnSync('bash', argv, { cwd: root, input, encoding: 'utf8' });
    const reports = stdout.split('\n', 2).map((line) => JSON.parse(line).report as Report);
    expect(reports.map(({ exitCode, reference }) => [exitCode, reference?.runs])).toEqual([
      [1, 9],
      [1, 9],
    ]);
  });
});

describe('a run against a normal', () => {
  it('is inside where it is like the others, and says how far', async () => {
    const { code, report } = await judged(`gate like.ndjson ${ALONE}`);
    expect(code).toBe(0);
    expect(report.reference).toEqual({ path: 'normal.json', runs: 9, alpha: 0.1 });
    expect(report.runs[0]!.reference).toMatchObject({ since: null, judged: 8, lastStep: 800, notJudged: [] });
    expect(report.runs[0]!.reference!.p).toBeGreaterThan(0.1);
    const { reference, bound } = report.runs[0]!.steps[3]!.reference!.metrics.target_effective_rank!;
    expect(reference).toBeCloseTo(10, 0);
    expect(bound).toBeLessThan(reference);
  });

  it('is outside from the second step on at which it has left them, and ends with 1', async () => {
    const { code, report } = await judged(`gate fallen.ndjson ${ALONE}`);
    expect(code).toBe(1);
    const [only] = report.runs;
    expect(only!.reference).toMatchObject({ p: 0.1, since: 500 });
    expect(only!.steps.map(({ alerts }) => alerts.length)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(only!.steps[3]!.waiting).toEqual(['reference.outside']);
    expect(only!.steps[4]!.alerts[0]).toMatchObject({
      criterion: 'reference.outside',
      metric: 'target_effective_rank',
      operator: '<',
      value: 4,
      level: 'error',
      message: expect.stringMatching(
        /^target_effective_rank 4 < [\d.]+ \(outside reference\) for 2 steps or more$/,
      ),
    });
    expect(only!.steps.map(({ reference }) => reference!.lasts ?? 0)).toEqual([0, 0, 0, 1, 2, 3, 4, 5]);
  });

  it('is judged beside the presets unless they are none', async () => {
    const { report } = await judged('gate fallen.ndjson --reference normal.json');
    const presets = new Set(report.rules.map(({ preset }) => preset));
    expect([...presets]).toEqual(['rfc-0005', 'jepa', 'reference']);
    const ignored = await run(`gate fallen.ndjson ${ALONE} --ignore reference.outside`);
    expect(ignored.code).toBe(2);
  });

  it('has a band in the table and in markdown, and a report that its schema knows', async () => {
    const { stdout } = await run(`gate fallen.ndjson ${ALONE} --width 120`);
    expect(stdout).toMatch(/metric +value +limit +reference/);
    expect(stdout).toContain(
      'Reference normal.json (9 runs, level 0.1): outside since step 500 by target_effective_rank, p 0.1, 8 steps compared.',
    );
    const { stdout: summary } = await run(`gate like.ndjson ${ALONE} -o markdown`);
    expect(summary).toContain('| unit | reference | limit |');
    const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8'));
    const isValid = new Ajv2020({ strict: false }).compile(schema);
    expect(
      isValid((await judged(`gate fallen.ndjson ${ALONE}`)).report),
      JSON.stringify(isValid.errors),
    ).toBe(true);
  });

  it('says outside beside each metric that left its band, of which one alerts, and shows them all', async () => {
    write('both', { ...FALLEN, target_effective_rank_ratio: [0.6, 0.6, 0.6, 0.3, 0.3, 0.3, 0.3, 0.3] });
    const { stdout } = await run(`gate both.ndjson ${ALONE} --width 120`);
    expect(stdout).toMatch(
      /\n(target_effective_rank.* FAIL .*\n.*_ratio.* outside|.*_ratio.* FAIL .*\n.*rank.* outside)/,
    );
    expect(stdout).not.toContain('no alert');
    const { stdout: page } = await run(`gate both.ndjson ${ALONE} -o html`);
    expect(page).toContain('<span class="pill warning">outside</span>');
    // The presets' own limit gives way to the band that was left.
    const beside = await run('gate both.ndjson --reference normal.json --preset rfc-0005 --width 120');
    expect(beside.stdout).toMatch(/ outside\n/);
  });

  it('names the metrics that are outside together, each within its own band', async () => {
    const { steps } = (await judged(`gate like.ndjson ${ALONE}`)).report.runs[0]!;
    // Of the way from the median to the band's end, so much: three times its square is more than one.
    const share = 0.8;
    const edge = (id: 'target_effective_rank' | 'target_effective_rank_ratio' | 'pred_cos_centered_mean') =>
      steps.map(({ reference }) => {
        const { reference: centre, bound } = reference!.metrics[id]!;
        return centre + share * (bound! - centre);
      });
    write('edge', {
      target_effective_rank: edge('target_effective_rank'),
      target_effective_rank_ratio: edge('target_effective_rank_ratio'),
      pred_cos_centered_mean: edge('pred_cos_centered_mean'),
    });
    const { code, report } = await judged(`gate edge.ndjson ${ALONE}`);
    expect(code).toBe(1);
    const [only] = report.runs;
    expect(only!.reference).toMatchObject({ since: 200, p: 0.1 });
    expect(only!.reference!.by!.length).toBeGreaterThan(1);
    const { value, threshold, message } = only!.steps[1]!.alerts[0]!;
    expect(message).toMatch(/ \(outside reference with [a-z_]+(, [a-z_]+)?\) for 2 steps or more$/);
    expect(value).toBeLessThan(threshold);
    for (const [id, { bound }] of Object.entries(only!.steps[1]!.reference!.metrics)) {
      expect(only!.steps[1]!.metrics[id as 'pred_r2'], id).toBeGreaterThan(bound!);
    }
  });

  it('shows a metric that alerts by it alone, though the presets skip its own rules', async () => {
    const kl = (name: string, values: readonly number[]) => write(name, { ...LIKE, kl_reg: values }, KL);
    const KL = { klRegSource: 'computed' as const };
    for (const name of ['k1', 'k2', 'k3']) kl(name, noise(5, 0.1));
    kl('k4', [5, 5, 9, 9, 9, 9, 9, 9]);
    await run('calibrate k1.ndjson k2.ndjson k3.ndjson --alpha 0.25 --metrics kl_reg -o kl.json');
    const { stdout } = await run('gate k4.ndjson --reference kl.json --width 120');
    expect(stdout).toMatch(/\nkl_reg +9 .* FAIL/);
  });

  it('has its band behind the lines of the page', async () => {
    const page = async (argv: string) =>
      (await run(`gate fallen.ndjson ${argv} -o html`)).stdout.split('<script>')[0];
    expect(await page(ALONE)).toContain('<path class="reference-band"');
    expect(await page('--preset jepa')).not.toContain('reference-band"');
  });

  it('is judged by check, report and watch too', async () => {
    for (const [i, name] of ['x', 'y', 'z'].entries()) {
      writeRun(root, [{}, { target: 1 + i / 50 }, { rest: 1 - i / 50 }], { name: `seeds/${name}` });
    }
    writeRun(root, [{}, { rest: 0.02 }, { rest: 0.01 }], { name: 'lost' });
    await run('calibrate seeds --alpha 0.25 -o seeds.json');
    const by = '--reference seeds.json --preset none';
    expect((await run(`check seeds/x ${by}`)).code).toBe(0);
    expect((await run(`check lost ${by}`)).code).toBe(1);
    expect((await run(`report lost ${by} -o lost.html`)).code).toBe(1);
    expect((await run(`watch lost ${by} --until 300 --timeout 60s`)).code).toBe(1);
    const self = await run(`check lost ${by} -o json=seeds.json`);
    expect(self.code).toBe(2);
  });

  it('has the same verdict whatever the order and number of files', async () => {
    const lines = readFileSync(join(root, 'fallen.ndjson'), 'utf8').trimEnd().split('\n');
    writeFileSync(join(root, 'one.ndjson'), `${lines.slice(0, 3).reverse().join('\n')}\n`);
    writeFileSync(join(root, 'two.ndjson'), `${lines.slice(3).reverse().join('\n')}\n`);
    const whole = await judged(`gate fallen.ndjson ${ALONE}`);
    const parts = await judged(`gate two.ndjson one.ndjson ${ALONE}`);
    expect(parts.report.runs).toEqual(whole.report.runs);
  });

  it('is judged by a configuration that names the reference', async () => {
    writeFileSync(join(root, 'c.json'), JSON.stringify({ reference: 'normal.json', preset: 'none' }));
    expect((await run('gate fallen.ndjson --config c.json')).code).toBe(1);
  });
});

it.skipIf(platform === 'win32')(
  'a reference that is a FIFO or a device is refused, not waited for',
  async () => {
    execFileSync('mkfifo', ['fifo.json'], { cwd: root });
    for (const path of ['fifo.json', '/dev/zero']) {
      const { code, stderr } = await run(`gate like.ndjson --reference ${path}`);
      expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('error[E202]') });
    }
  },
);

describe('rules of a reference', () => {
  it('are shares of its median, and numbers of steps outside', async () => {
    const argv = ['gate', 'fallen.ndjson', ...ALONE.split(' '), '--ignore', 'reference.outside', '--json'];
    const of = async (rule: string) => {
      const { code, stdout } = await collapse([...argv, '--fail-if', rule], { cwd: root });
      const { runs } = JSON.parse(stdout) as Report;
      return { code, first: runs[0]!.steps.find(({ alerts }) => alerts.length > 0)?.step ?? null };
    };
    expect(await of('target_effective_rank < 80% of reference')).toEqual({ code: 1, first: 400 });
    expect(await of('target_effective_rank < 10% of reference')).toEqual({ code: 0, first: null });
    expect(await of('outside reference for 3')).toEqual({ code: 1, first: 600 });
    expect(await of('outside reference after 500')).toEqual({ code: 1, first: 600 });
  });

  it('are refused without one, and where they cannot be read', async () => {
    for (const rule of ['target_effective_rank < 80% of reference', 'outside reference']) {
      const ran = await collapse(['gate', 'like.ndjson', '--fail-if', rule], { cwd: root });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('--reference is missing');
    }
    for (const rule of [
      'outside',
      'outside normal',
      'outside reference for 1',
      'outside reference for 2 x',
    ]) {
      const ran = await collapse(['gate', 'like.ndjson', ...ALONE.split(' '), '--fail-if', rule], {
        cwd: root,
      });
      expect([ran.code, rule]).toEqual([2, rule]);
      expect(ran.stderr).toContain('E110');
    }
  });
});

describe('one golden run as a reference', () => {
  it('of which records are missing is warned of, and one of which a step could not be read is refused', async () => {
    const lines = readFileSync(join(root, 'like.ndjson'), 'utf8').trimEnd().split('\n');
    const judged = (text: string) => {
      writeFileSync(join(root, 'part.ndjson'), text);
      return run('gate like.ndjson --reference part.ndjson --preset jepa -q');
    };
    expect((await judged(`\ufeff${lines.join('\r\n')}\r\n`)).stderr).toBe('');
    expect((await judged(lines.slice(0, -1).join('\n'))).stderr).toMatch(
      /^warning: of part.ndjson, the records end without a summary/,
    );
    expect((await judged(lines.slice(1).join('\n'))).stderr).toMatch(
      /^warning: of part.ndjson, \d+ of \d+ steps that were measured are here/,
    );
    const failed = '{"type":"error","code":"E204","message":"cut short","run":"a","step":3}';
    const { code, stderr } = await judged([failed, ...lines].join('\n'));
    expect(code).toBe(3);
    expect(stderr).toContain('error[E235] a step of this golden run could not be read: cut short');
  });

  const GOLDEN = '--reference like.ndjson';

  it('gives shares alone, and its values to every report', async () => {
    const { code, stdout } = await collapse(
      [
        'gate',
        'fallen.ndjson',
        ...GOLDEN.split(' '),
        '--preset',
        'none',
        '--json',
        '--fail-if',
        'target_effective_rank < 90% of reference',
      ],
      { cwd: root },
    );
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(1);
    expect(report.reference).toEqual({ path: 'like.ndjson', runs: 1, alpha: null });
    expect(report.runs[0]!.reference).toMatchObject({ p: null, since: null, judged: 8 });
    expect(report.runs[0]!.steps[0]!.reference!.metrics.target_effective_rank).toEqual({
      reference: 10.1,
      bound: null,
    });
    expect(report.rules.map(({ preset }) => preset)).toEqual([undefined]);
  });

  it('has no outside, and by itself nothing to judge by', async () => {
    const own = await collapse(
      ['gate', 'like.ndjson', ...GOLDEN.split(' '), '--fail-if', 'outside reference'],
      { cwd: root },
    );
    expect(own).toMatchObject({ code: 2 });
    expect(own.stderr).toContain('one golden run');
    expect((await run(`gate like.ndjson ${GOLDEN} --preset none`)).code).toBe(2);
  });

  it('is one', async () => {
    const both = readFileSync(join(root, 'a.ndjson'), 'utf8') + readFileSync(join(root, 'b.ndjson'), 'utf8');
    writeFileSync(join(root, 'both.ndjson'), both);
    const ran = await run('gate like.ndjson --reference both.ndjson');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('there is 2 runs');
  });
});

describe('what a reference cannot judge is never a pass', () => {
  it('other widths and other batches end with 3, with both values', async () => {
    write('wide', LIKE, { dims: 32 });
    const wide = await judged(`gate wide.ndjson ${ALONE}`);
    expect(wide.code).toBe(3);
    expect(wide.report.errors[0]).toMatchObject({
      code: 'E236',
      message: expect.stringContaining('dims 16 and 32'),
    });
    write('large', LIKE, { rows: 512 });
    const large = await judged(`gate large.ndjson ${ALONE}`);
    expect(large.code).toBe(3);
    expect(large.report.errors[0]!.message).toContain('rows 64 and 512');
  });

  it('somewhat larger batches leave the metrics that are corrected for them', async () => {
    write('larger', FALLEN, { rows: 100 });
    const { code, report } = await judged(`gate larger.ndjson ${ALONE}`);
    expect(code).toBe(0);
    expect(report.runs[0]!.reference!.notJudged).toEqual([
      { metric: 'target_effective_rank', reason: 'rows 64 in the reference, and 100 here', steps: 8 },
    ]);
    // How far a run may be is then of the metrics that are left.
    const without = [...'abcdefghi'].map((name) => `${name}.ndjson`).join(' ');
    const left = 'target_effective_rank_ratio,pred_cos_centered_mean';
    await run(`calibrate ${without} --alpha 0.1 --metrics ${left} -o left.json`);
    const same = await judged('gate fallen.ndjson --reference left.json --preset none');
    const bounds = ({ report }: typeof same) =>
      report.runs[0]!.steps.map(({ reference }) => reference!.metrics.pred_cos_centered_mean!.bound);
    expect(bounds({ ...same, report })).toEqual(bounds(same));
  });

  it('a metric that the run never has leaves the others no more room', async () => {
    write('two', { ...FALLEN, target_effective_rank_ratio: NO_VALUE });
    const { report } = await judged(`gate two.ndjson ${ALONE}`);
    const files = [...'abcdefghi'].map((name) => `${name}.ndjson`).join(' ');
    await run(
      `calibrate ${files} --alpha 0.1 --metrics target_effective_rank,pred_cos_centered_mean -o two.json`,
    );
    const only = (await judged('gate two.ndjson --reference two.json --preset none')).report;
    expect(report.runs[0]!.steps.map(({ reference }) => reference)).toEqual(
      only.runs[0]!.steps.map(({ reference }) => reference),
    );
    expect(report.runs[0]!.reference!.notJudged).toEqual([
      { metric: 'target_effective_rank_ratio', reason: 'the run has no value', steps: 8 },
    ]);
  });

  it('a metric that is missing is listed, and NaN breaks a row', async () => {
    write('missing', { ...FALLEN, target_effective_rank: NO_VALUE });
    const missing = await judged(`gate missing.ndjson ${ALONE}`);
    expect(missing.report.runs[0]!.reference!.notJudged).toEqual([
      { metric: 'target_effective_rank', reason: 'the run has no value', steps: 8 },
    ]);
    const { stdout } = await run(`gate missing.ndjson ${ALONE}`);
    expect(stdout.replaceAll('\n  ', ' ')).toContain(
      'target_effective_rank not compared with the reference at 8 steps: the run has no value.',
    );
    write('odd', { ...LIKE, target_effective_rank: [10, 4, null, 4, null, 4, null, 4] });
    expect((await judged(`gate odd.ndjson ${ALONE}`)).report.runs[0]!.reference!.since).toBeNull();
  });

  it('steps beyond the last of the reference are skipped, and say so', async () => {
    write('longer', FALLEN, { steps: [600, 700, 800, 900, 1000, 1100, 1200, 1300] });
    const { code, report } = await judged(`gate longer.ndjson ${ALONE}`);
    expect(code).toBe(0);
    expect(report.runs[0]!.steps[4]!.skipped).toEqual([
      { criterion: 'reference.outside', reason: 'the reference ends at step 800' },
    ]);
    expect((await run(`gate longer.ndjson ${ALONE} --on-unavailable fail`)).code).toBe(4);
  });

  it('nothing that could be judged ends with 4, beside presets too', async () => {
    write('late', LIKE, { steps: [900, 1000, 1100, 1200, 1300, 1400, 1500, 1600] });
    write('empty', { target_effective_rank: NO_VALUE, pred_l2_mean: LIKE.target_effective_rank! });
    for (const name of ['late', 'empty']) {
      const { code, report } = await judged(`gate ${name}.ndjson ${ALONE}`);
      expect([name, code]).toEqual([name, 4]);
      expect(report.errors.map((error) => error.code)).toContain('E306');
      const { stdout } = await run(`gate ${name}.ndjson --reference normal.json`);
      expect(stdout).not.toContain('inside');
    }
    const { report } = await judged('gate late.ndjson --reference normal.json');
    expect(report.errors.map((error) => error.code)).toContain('E306');
  });

  it('a file that is no reference, damaged or gone ends with 3', async () => {
    writeFileSync(join(root, 'torn.json'), readFileSync(join(root, 'normal.json'), 'utf8').slice(0, 900));
    writeFileSync(join(root, 'other.json'), '{"a": 1}');
    writeFileSync(join(root, 'nothing.json'), '');
    for (const name of ['torn.json', 'other.json', 'nothing.json', 'gone.json', '.']) {
      const ran = await run(`gate like.ndjson --reference ${name}`);
      expect([name, ran.code]).toEqual([name, 3]);
    }
  });

  it('a directory says how it becomes one', async () => {
    const ran = await run('gate like.ndjson --reference .');
    expect(ran.stderr).toContain('collapse measure RUN > golden.ndjson');
  });

  it('another reference than a state was judged by is refused', async () => {
    expect((await run(`gate like.ndjson ${ALONE} --state s.json`)).code).toBe(0);
    expect((await run(`gate like.ndjson ${ALONE} --state s.json`)).code).toBe(0);
    const files = [...'abcdefgh'].map((name) => `${name}.ndjson`).join(' ');
    await run(`calibrate ${files} --alpha 0.12 -o eight.json`);
    const ran = await run('gate like.ndjson --reference eight.json --preset none --state s.json');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('E404');
    expect(existsSync(join(root, 's.json'))).toBe(true);
  });
});
