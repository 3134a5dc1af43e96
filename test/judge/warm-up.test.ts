import { describe, expect, it } from 'vitest';
import { judge, measureStep } from '#index.js';
import { normals } from '../support/normals.js';

const [ROWS, DIMS] = [128, 16];

/** A step for each cosine: predictions that follow the target so far and are otherwise small; step 0 is the first. */
function runOf(
  cosines: readonly number[],
  options: Parameters<typeof judge>[1] = {},
  stepOf = (i: number) => 100 * i,
) {
  const normal = normals(7);
  const records = cosines.map((cosine, i) => {
    const shape = [ROWS, DIMS];
    const target = { data: Float64Array.from({ length: ROWS * DIMS }, normal), shape };
    const noise = Math.sqrt(1 - cosine ** 2);
    const scale = Math.max(cosine, 0.01);
    const data = target.data.map((value) => scale * (cosine * value + noise * normal()));
    return measureStep({ step: stepOf(i), prediction: { data, shape }, target });
  });
  const report = judge(records, options);
  const levels = report.runs[0]!.steps.flatMap(({ alerts }) =>
    alerts.filter(({ criterion }) => criterion.startsWith('jepa.pred_')).map(({ level }) => level),
  );
  return { report, levels };
}

const [DEAD, ALIVE] = [0, 0.8];
const times = (n: number, cosine: number) => Array.from({ length: n }, () => cosine);

describe('a predictor that gives the mean', () => {
  it('had not learnt yet where it learns afterwards and keeps it: its alerts warn', () => {
    const { report, levels } = runOf([...times(7, DEAD), ...times(3, ALIVE)]);
    expect(report.exitCode).toBe(0);
    expect(levels.length).toBeGreaterThan(3);
    expect(new Set(levels)).toEqual(new Set(['warn']));
    expect(report.runs[0]!.diagnosis?.label).toBe('healthy');
    expect(report.runs[0]!.steps[5]!.alerts.map(({ message }) => message).join()).toContain(
      '; it has learnt since',
    );
  });

  it.each<[string, readonly number[]]>([
    ['at its end', times(10, DEAD)],
    ['and has learnt for two steps only', [...times(7, DEAD), ...times(2, ALIVE)]],
    ['after it had learnt', [DEAD, ...times(3, ALIVE), ...times(5, DEAD), ...times(4, ALIVE)]],
    ['and was a trained one at step 0', [ALIVE, ...times(6, DEAD), ...times(4, ALIVE)]],
    ['and learns next to nothing afterwards', [...times(7, DEAD), ...times(4, 0.22)]],
    ['again, after it had learnt late', [...times(7, DEAD), ...times(4, ALIVE), ...times(4, DEAD)]],
  ])('fails the run where it is dead %s', (_, cosines) => {
    const { report, levels } = runOf(cosines);
    expect(report.exitCode).toBe(1);
    expect(levels).toContain('error');
  });

  const little = [...times(6, DEAD), ...times(8, 0.22)];

  it('and learns as much as can be known had not learnt yet, once it has kept that for as long', () => {
    const { report, levels } = runOf(little);
    expect(report.exitCode).toBe(0);
    expect(levels.length).toBeGreaterThan(2);
    expect(new Set(levels)).toEqual(new Set(['warn']));
  });

  it.each<[string, readonly number[], (i: number) => number]>([
    ['counts in steps, not in saved ones', little, (i) => (i < 6 ? 100 * i : 500 + i)],
    ['is too short to have kept it', little.slice(0, 10), (i) => 100 * i],
    ['had learnt before', [DEAD, ALIVE, ...little.slice(1), ...times(8, 0.22)], (i) => 100 * i],
  ])('fails the run where it %s', (_, cosines, stepOf) => {
    expect(runOf(cosines, {}, stepOf).report.exitCode).toBe(1);
  });
});
