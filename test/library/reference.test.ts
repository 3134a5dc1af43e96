import { describe, expect, it } from 'vitest';
import { parseRule, ReferenceSeries, RuleSeries } from '../../src/index.js';
import { runsOf } from '../normal/records.js';
import { inputErrorOf } from '../support/thrown.js';

const flat = (value: number) => ({ pred_cos_centered_mean: [value, value, value] });

describe('a reference in the library', () => {
  it('compares a run step by step', () => {
    const series = new ReferenceSeries(runsOf([flat(0.5), flat(0.6), flat(0.8)], 0.25));
    const p = [100, 200].map((step) => series.next(step, { pred_cos_centered_mean: 0.3 }).p);
    expect(p).toEqual([1, 0.25]);
  });

  it('gives rules what they are a share of', () => {
    const series = new RuleSeries([parseRule('pred_r2 < 80% of reference')]);
    const judged = series.judge({ step: 1, values: { pred_r2: 0.7 }, reference: { pred_r2: 0.9 } });
    expect(judged.alerts[0]).toMatchObject({ value: 0.7, threshold: expect.closeTo(0.72, 10) });
    const without = series.judge({ step: 2, values: { pred_r2: 0.7 } });
    expect(without.skipped[0]!.reason).toBe('needs pred_r2 in the reference');
  });

  it('refuses what is no reference', () => {
    for (const wrong of [
      {},
      null,
      'normal.json',
      { runs: [], metrics: [], alpha: 0.1 },
      { runs: [1], metrics: [], alpha: 2 },
    ]) {
      expect(inputErrorOf(() => new ReferenceSeries(wrong as never)).code).toBe('E224');
    }
  });
});
