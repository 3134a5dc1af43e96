import { describe, expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, npy } from '../support/run-folder.js';

const rows = (scale: number) =>
  Array.from({ length: 40 }, (_, i) => [0, 1, 2].map((j) => scale * Math.sin(i * i + j)));

function run(...scales: number[]): Record<string, Uint8Array> {
  const steps = scales.map((scale, k) => [
    [`step_${k + 1}/prediction.npy`, npy(rows(scale))] as const,
    [`step_${k + 1}/target.npy`, npy(rows(1))] as const,
  ]);
  return Object.fromEntries(steps.flat());
}

async function measured(cwd: string, ...flags: string[]): Promise<StepRecord> {
  const { code, stdout } = await collapse(['measure', '.', '--metrics', 'all', ...flags], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout.split('\n')[0]!) as StepRecord;
}

describe('--pairwise and --seed', () => {
  it('auto is exact at this size, and so is exact', async () => {
    const cwd = folder(run(1));
    const auto = await measured(cwd);
    const exact = await measured(cwd, '--pairwise', 'exact');
    expect(auto.estimates).toEqual({});
    expect(auto.fingerprint).toMatchObject({ pairwise: 'auto', seed: 0 });
    expect(exact.fingerprint).toMatchObject({ pairwise: 'exact', seed: 0 });
    expect(exact.metrics).toEqual(auto.metrics);
  });

  it('sample:PAIRS estimates, the same for the same seed', async () => {
    const cwd = folder(run(1));
    const exact = await measured(cwd);
    const sampled = await measured(cwd, '--pairwise', 'sample:300', '--seed', '7');
    expect(sampled.fingerprint).toMatchObject({ pairwise: 'sample:300', seed: 7 });
    expect(sampled.estimates).toMatchObject({
      pairwise_pred_dist_mean: { method: 'sampled', pairs: 300 },
      pairwise_target_dist_mean: { method: 'sampled', pairs: 300 },
    });
    const { standardError } = sampled.estimates.pairwise_pred_dist_mean!;
    const id = 'pairwise_pred_dist_mean';
    expect(Math.abs(sampled.metrics[id]! - exact.metrics[id]!)).toBeLessThan(4 * standardError);
    expect(await measured(cwd, '--pairwise', 'sample:300', '--seed', '7')).toEqual(sampled);
    const other = await measured(cwd, '--pairwise', 'sample:300', '--seed', '8');
    expect(other.metrics[id]).not.toBe(sampled.metrics[id]);
  });

  it('check says that a value is an estimate, and which verdict is in doubt', async () => {
    const cwd = folder(run(1, 0.505));
    const flags = ['--preset', 'none', '--fail-if', 'pairwise_pred_dist_mean < 50% of baseline'];
    const { code, stdout } = await collapse(['check', '.', '--pairwise', 'sample:300', ...flags], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/pairwise_pred_dist_mean\s+~/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('pairwise_pred_dist_mean is an estimate from 300 pairs');
    expect(stdout.replace(/\s+/g, ' ')).toContain('are within three standard errors of sampling');
    const exact = await collapse(['check', '.', '--json', ...flags], { cwd });
    expect((JSON.parse(exact.stdout) as Report).runs[0]!.steps[1]!.notes).toEqual([]);
  });

  it('gate refuses records that were measured differently', async () => {
    const cwd = folder(run(1, 1));
    const [first] = (await collapse(['measure', '.', '--seed', '1'], { cwd })).stdout.split('\n');
    const [, second] = (await collapse(['measure', '.', '--seed', '2'], { cwd })).stdout.split('\n');
    const { code, stderr } = await collapse(['gate', '-'], { cwd, input: `${first}\n${second}\n` });
    expect(stderr).toContain('E233');
    expect(code).toBe(3);
  });

  it('report takes them, and a configuration may hold them', async () => {
    const cwd = folder({
      ...run(1),
      'collapse.config.json': JSON.stringify({ pairwise: 'sample:200', seed: 4 }),
    });
    expect((await measured(cwd)).fingerprint).toMatchObject({ pairwise: 'sample:200', seed: 4 });
    const page = await collapse(['report', '.', '-o', '-', '--pairwise', 'sample:300'], { cwd });
    expect(page.code).toBe(0);
    expect(page.stdout).toContain('300');
  });

  it.each([
    ['--pairwise', 'some'],
    ['--pairwise', 'sample:'],
    ['--pairwise', 'sample:99'],
    ['--pairwise', 'sample:1e6'],
    ['--pairwise', 'sample:-5'],
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--seed', 'x'],
  ])('%s %s is refused', async (flag, value) => {
    const { code, stderr } = await collapse(['check', '.', `${flag}=${value}`], { cwd: folder(run(1)) });
    expect(code).toBe(2);
    expect(stderr).toContain('E102');
  });
});
