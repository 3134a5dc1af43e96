import { describe, expect, it } from 'vitest';
import { klRegNull } from '#numerics/gaussian/kl-null.js';
import type { Report, ReportStep } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, numbers, step } from '../support/run-folder.js';

async function checked(run: string, ...flags: string[]): Promise<{ code: number | null; last: ReportStep }> {
  const { code, stdout } = await collapse(['check', run, '--json', ...flags]);
  return { code, last: (JSON.parse(stdout) as Report).runs[0]!.steps.at(-1)! };
}

const withSidecar = (name: string, content: string | Uint8Array) =>
  folder({ ...step(100, 1), [`step_000100/${name}`]: content });

describe('kl_reg', () => {
  it('without a sidecar is computed, shown and not judged', async () => {
    const { code, last } = await checked(folder(step(100, 1)));
    expect(code).toBe(0);
    expect(last.klRegSource).toBe('computed');
    expect(last.metrics.kl_reg).toBeCloseTo(-1e-6, 8);
    expect(last.skipped).toEqual([
      { criterion: 'kl_reg', reason: 'computed from the batch, not supplied; `--kl-reg computed` judges it' },
    ]);
  });

  it.each([
    ['kl_reg.json', '12.5'],
    ['kl_reg.json', '{"kl_reg": 12.5}'],
    ['kl_reg.json', '\ufeff{"kl_reg": 12.5}\r\n'],
    ['kl_reg.npy', numbers(12.5)],
  ])('of a sidecar %s is judged', async (name, content) => {
    const { code, last } = await checked(withSidecar(name, content));
    expect(code).toBe(1);
    expect(last).toMatchObject({ klRegSource: 'supplied', metrics: { kl_reg: 12.5 } });
    expect(last.alerts).toMatchObject([{ criterion: 'kl_reg', operator: '>', value: 12.5, threshold: 10 }]);
  });

  it.each([
    ['kl_reg.json', 'NaN'],
    ['kl_reg.json', '"12"'],
    ['kl_reg.json', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['kl_reg.json', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
    ['kl_reg.json', '{"kl": 3}'],
    ['kl_reg.json', `${'['.repeat(5)}${'[],'.repeat(400_000)}0${']'.repeat(5)}`],
    ['kl_reg.json', 'true'],
    ['kl_reg.npy', numbers(1, 2)],
    ['kl_reg.npy', numbers(Number.POSITIVE_INFINITY)],
  ])('of a sidecar %s with %s is refused', async (name, content) => {
    const run = withSidecar(name, content);
    const { code, stderr } = await collapse(['check', run]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E221]');
    expect(stderr).toContain(`--> ${run}/step_000100/${name} (step 100)`);
  });

  it('none: unavailable, its criterion skipped', async () => {
    const { code, last } = await checked(withSidecar('kl_reg.json', '12.5'), '--kl-reg', 'none');
    expect(code).toBe(0);
    expect(last).toMatchObject({ klRegSource: null, metrics: { kl_reg: null } });
    expect(last.skipped).toMatchObject([{ criterion: 'kl_reg' }]);
  });

  it('a number on the command line is judged', async () => {
    expect((await checked(folder(step(100, 1)), '--kl-reg', '12')).code).toBe(1);
    expect((await checked(folder(step(100, 1)), '--kl-reg', '-3')).code).toBe(0);
    expect((await checked(folder(step(100, 1)), '--kl-reg', '12', '--kl-reg-max', '20')).code).toBe(0);
  });

  it('computed on request is judged where a healthy batch of that size would pass', async () => {
    // 4 rows of 2 dimensions: a healthy batch shows 1.9.
    expect(klRegNull(4, 2)).toBeLessThan(10);
    const { last } = await checked(folder(step(100, 1)), '--kl-reg', 'computed');
    expect(last.held.map(({ criterion }) => criterion)).toContain('kl_reg');
    const collapsed = await checked(folder(step(100, 1, 1e-9)), '--kl-reg', 'computed');
    expect(collapsed.last.alerts.map(({ criterion }) => criterion)).toContain('kl_reg');
  });

  it('computed on request is skipped where it would not, saying how many rows are needed', async () => {
    const { last } = await checked(folder(step(100, 1)), '--kl-reg', 'computed', '--kl-reg-max', '0.5');
    expect(last.skipped[0]).toMatchObject({ criterion: 'kl_reg' });
    expect(last.skipped[0]!.reason).toMatch(/4×2 of N\(0, I\) shows .*; a bound of 0\.5 needs \d+ rows/);
  });

  it('--kl-from prediction takes the prediction', async () => {
    const run = folder(step(100, 10, 1));
    const fromTarget = await checked(run);
    const fromPrediction = await checked(run, '--kl-from', 'prediction');
    // Two dimensions of variance 100: ½(200 − ln 10⁴ − 2).
    expect(fromTarget.last.metrics.kl_reg).toBeCloseTo(0, 5);
    expect(fromPrediction.last.metrics.kl_reg).toBeCloseTo((200 - Math.log(1e4) - 2) / 2, 5);
  });
});
