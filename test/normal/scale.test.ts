import { describe, expect, it } from 'vitest';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import { scaleKindOf, scaleOf } from '#normal/scale.js';

const kinds = (kind: string) => METRIC_IDS.filter((id) => scaleKindOf(id) === kind);

describe('the scale of a metric', () => {
  it('is a logarithm where values are positive without a largest one', () => {
    const log = kinds('log');
    for (const id of ['target_var_per_dim', 'pairwise_pred_dist_mean', 'target_effective_rank'] as const)
      expect(log).toContain(id);
    for (const id of log) expect(METRICS[id].range).toMatch(/^[[(][01]/);
  });

  it('is what is left to 1, a logarithm on both sides of 0, or the value itself elsewhere', () => {
    expect(kinds('up to one')).toEqual(expect.arrayContaining(['pred_r2', 'copy_skill']));
    expect(kinds('signed')).toEqual(expect.arrayContaining(['kl_reg', 'kl_excess']));
    const bounded = kinds('bounded');
    for (const id of ['pred_cos_centered_mean', 'target_dead_dim_fraction', 'target_uniformity'] as const)
      expect(bounded).toContain(id);
  });

  it('rises with harm, and maps back', () => {
    for (const id of METRIC_IDS) {
      const { to, from } = scaleOf(id);
      for (const value of [0.02, 0.3, 0.9]) expect(from(to(value)), id).toBeCloseTo(value, 10);
      const rises = to(0.9) > to(0.3);
      expect(rises, id).toBe(METRICS[id].collapse !== 'low');
    }
  });

  it('has a place for 0 and for a perfect prediction', () => {
    const at = (id: MetricId, value: number) => scaleOf(id).to(value);
    expect(Number.isFinite(at('target_var_per_dim', 0))).toBe(true);
    expect(Number.isFinite(at('pred_r2', 1))).toBe(true);
  });
});
