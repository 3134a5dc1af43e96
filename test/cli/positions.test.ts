import { beforeAll, describe, expect, it } from 'vitest';
import { POSITION_METRIC_IDS } from '#metrics/ids.js';
import type { Report } from '#report/types.js';
import { gaussian } from '../metrics/gaussian.js';
import { readSet, SETS } from '../metrics/position-sets.js';
import { collapse } from '../support/collapse.js';
import { folder, sharedFolder, writeMatrix } from '../support/run-folder.js';
import { expectClose, familyOf } from '../tolerances.js';

const [B, P, D] = [24, 9, 16];
const STEPS = 8;
const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname;

/** Standard normal values of [B, P, D] that a sample, a position or nothing shares. */
function shared(seed: number, by: 'sample' | 'position' | 'both', [b, p, d] = [B, P, D]): Float32Array {
  const { data } = gaussian(b * p, d, seed);
  return Float32Array.from({ length: b * p * d }, (_, k) => {
    const [sample, position, j] = [Math.floor(k / (p * d)), Math.floor(k / d) % p, k % d];
    if (by === 'both') return data[k]!;
    return data[(by === 'sample' ? sample : position) * d + j]!;
  });
}

const PARTS = [shared(1, 'sample'), shared(2, 'position'), shared(3, 'both'), shared(4, 'both')] as const;

function tokens(sample: number, position: number, both: number): number[] {
  const [s, p, o] = PARTS;
  return [...o].map((_, k) => sample * s[k]! + position * p[k]! + both * o[k]!);
}

/** A run of eight steps; `a` goes from 1 to 0. */
function run(
  shape: readonly number[],
  step: (a: number) => Readonly<Record<string, readonly number[]>>,
): string {
  const cwd = folder();
  for (let k = 0; k < STEPS; k++) {
    for (const [role, values] of Object.entries(step((1 - k / (STEPS - 1)) ** 3))) {
      writeMatrix(cwd, `run/step_${100 * (k + 1)}/${role}.npy`, shape, { values });
    }
  }
  return cwd;
}

const predicted = (target: readonly number[]) =>
  target.map((x, k) => 0.95 * x + 0.02 * PARTS[3][k % PARTS[3].length]!);

async function judged(cwd: string, ...flags: string[]) {
  const { stdout, code } = await collapse(['check', 'run', '--json', '--preset', 'jepa', ...flags], { cwd });
  const report: Report = JSON.parse(stdout);
  const alerts = report.runs[0]!.steps.flatMap((step) => step.alerts);
  return { code, report, run: report.runs[0]!, criteria: new Set(alerts.map(({ criterion }) => criterion)) };
}

const pair = (target: readonly number[]) => ({ prediction: predicted(target), target });

describe('tokens', () => {
  it('that are healthy raise nothing', async () => {
    const { code, report } = await judged(run([B, P, D], () => pair(tokens(0.7, 0.4, 0.7))));
    expect([code, report.status]).toEqual([0, 'ok']);
  });

  it.each([
    ['[B, P, D]', [B, P, D]],
    ['[B, H, W, D]', [B, 3, 3, D]],
  ])('of %s of which the position alone is left fail a run', async (_, shape) => {
    const { code, run: found } = await judged(run(shape, (a) => pair(tokens(0.7 * a, 1, 0.7 * a))));
    expect([code, found.diagnosis?.label]).toEqual([1, 'positional collapse']);
  });

  it('that become alike within a sample are a warning', async () => {
    const {
      code,
      report,
      run: found,
    } = await judged(run([B, P, D], (a) => pair(tokens(1, 0.4 * a, 0.7 * a))));
    expect([code, report.status, found.diagnosis?.label]).toEqual([0, 'warning', 'over-smoothing']);
  });

  it('whose prediction is the mean of its position are a predictor collapse', async () => {
    const target = tokens(0.5, 1.5, 0.5);
    const { code, criteria } = await judged(
      run([B, P, D], () => ({ prediction: predicted(tokens(0, 1.5, 0)), target })),
    );
    expect(code).toBe(1);
    expect(criteria).toContain('jepa.pred_positional');
  });

  it('of two axes are not asked for positions, whatever becomes of missing values', async () => {
    const { code, run: found } = await judged(
      run([B * P, D], () => pair(tokens(0.7, 0.4, 0.7))),
      ...['--on-unavailable', 'fail', '--kl-reg', 'none'],
    );
    expect(code).toBe(0);
    expect(JSON.stringify(found.steps.map(({ skipped }) => skipped))).not.toContain('position');
  });
});

describe('horizons', () => {
  const [N, T] = [72, 6];
  const base = [...shared(5, 'both', [N, T, D])];
  const noise = [...shared(6, 'both', [N, T, D])];
  const dying = (dead: number, n = N) =>
    run([n, T, D], (a) => {
      const isDead = (k: number) => a < 0.4 && Math.floor(k / D) % T === dead - 1;
      const target = base.slice(0, n * T * D);
      return {
        target,
        prediction: target.map((x, k) => (isDead(k) ? 1e-3 * noise[k]! : 0.9 * x + 0.1 * noise[k]!)),
      };
    });
  const asked = ['--per-step-axis', '1'];

  it('that live raise nothing, asked for or not', async () => {
    const cwd = dying(0);
    for (const flags of [asked, []]) expect((await judged(cwd, ...flags)).report.status).toBe('ok');
  });

  it('of which one dies fail the run and name it', async () => {
    const cwd = dying(6);
    const { code, run: found } = await judged(cwd, ...asked);
    expect(code).toBe(1);
    expect(found.diagnosis).toMatchObject({ label: 'predictor collapse', horizon: 6 });
    const { stdout } = await collapse(['check', 'run', ...asked], { cwd });
    expect(stdout).toContain('horizon 6: predictor collapse since step');
  });

  it.each([
    ['of fewer than 64 rows', 40, asked],
    ['that nobody asked for', N, []],
  ] as const)('%s warn', async (_, n, flags) => {
    const cwd = dying(3, n);
    const { code, report, run: found } = await judged(cwd, ...flags);
    expect([code, report.status, found.diagnosis?.horizon]).toEqual([0, 'warning', 3]);
    expect(
      found.steps.every(({ horizonDiagnoses }) => (horizonDiagnoses === undefined) === (flags.length === 0)),
    ).toBe(true);
  });
});

describe('the axis of the samples', () => {
  it.each(SETS.filter((name) => readSet(name).expected.sample_axis !== 0))('of %s', async (name) => {
    const { expected } = readSet(name);
    const args = ['measure', `${FIXTURES}${name}`, '--metrics', POSITION_METRIC_IDS.join(',')];
    for (const axis of [expected.sample_axis, expected.sample_axis - (name.split('x').length + 0)]) {
      const { stdout } = await collapse([...args, '--sample-axis', String(axis)], { cwd: folder() });
      const { metrics, fingerprint } = JSON.parse(stdout.split('\n')[0]!);
      for (const id of POSITION_METRIC_IDS) expectClose(metrics[id], expected.metrics[id]!, familyOf(id), id);
      expect(fingerprint.sampleAxis).toBe(axis);
    }
  });

  it('is refused where an array lacks it', async () => {
    const cwd = run([B, P, D], () => pair(tokens(0.7, 0.4, 0.7)));
    const { code, stderr } = await collapse(['check', 'run', '--sample-axis', '2'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/E228.*axis 2 is its dimensions/s);
  });
});

describe('rows that pass by', () => {
  const cwd = sharedFolder();
  const [b, p, d] = [30, 40, 512];
  beforeAll(() => {
    for (const [role, seed] of Object.entries({ prediction: 1, target: 2 })) {
      writeMatrix(cwd, `run/${role}.npy`, [b, p, d], { values: [...gaussian(b * p, d, seed).data] });
    }
    const values = Array.from({ length: b * p }, (_, row) => (row % 7 === 0 ? 0 : 1));
    writeMatrix(cwd, 'run/mask.npy', [b, p], { descr: '|b1', values });
  });

  it.each([[[]], [['--no-mask']]])('have the same values as in memory, with %j', async (flags) => {
    const measured = async (...more: string[]) => {
      const { stdout } = await collapse(['measure', 'run', ...flags, ...more], { cwd });
      return JSON.parse(stdout.split('\n')[0]!);
    };
    const [whole, streamed] = [await measured(), await measured('--max-memory', String(b * p * d * 4 + 100))];
    for (const id of POSITION_METRIC_IDS)
      expectClose(streamed.metrics[id], whole.metrics[id], familyOf(id), id);
    expect(streamed.digest).toBe(whole.digest);
  });
});
