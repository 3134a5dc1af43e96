import { describe, expect, it } from 'vitest';
import { Diagnoser } from '#rules/diagnosis/diagnose.js';
import type { MetricValues } from '#rules/series/values.js';

const HEALTHY: MetricValues = {
  target_var_per_dim: 1,
  target_std_l2_normalized: 0.17,
  target_mean_pairwise_cos: 0.05,
  target_effective_rank: 16,
  target_effective_rank_ratio: 0.5,
  target_sample_variance_share: 0.6,
  pred_var_per_dim: 0.7,
  pred_std_l2_normalized: 0.17,
  pred_target_var_ratio: 0.7,
  pred_r2: 0.6,
  pred_cos_mean: 0.8,
  pred_cos_centered_mean: 0.8,
  pred_effective_rank_ratio: 0.4,
};
const DEAD_PREDICTOR: MetricValues = {
  pred_target_var_ratio: 2e-4,
  pred_r2: 0.01,
  pred_cos_centered_mean: 0.1,
  pred_std_l2_normalized: 0.002,
};

/** Names what a run shows at its last step: a healthy step 0, `before`, and five steps of `values`. */
function named(values: MetricValues, before: readonly MetricValues[] = []) {
  const diagnoser = new Diagnoser();
  diagnoser.noteUntrained(HEALTHY);
  const steps = [...before, ...Array.from({ length: 5 }, () => ({ ...HEALTHY, ...values }))];
  for (const [i, of] of steps.entries()) diagnoser.judge({ step: 100 * (i + 1), values: of });
  return diagnoser.run?.label;
}

/** Fell to a share of step 0's variance, and turned one way. */
function fallen(share: number, directions = 0.05): MetricValues {
  return { target_var_per_dim: share, target_std_l2_normalized: directions, target_mean_pairwise_cos: 0.97 };
}

describe('a predictor that is dead beside targets that shrank', () => {
  it('names the run while targets keep a twentieth of their variance and their rank', () => {
    expect(named({ ...fallen(0.06), ...DEAD_PREDICTOR })).toBe('predictor collapse');
    expect(named({ ...fallen(0.04), ...DEAD_PREDICTOR })).toBe('complete collapse');
  });

  it('does not, where the rank of the targets went as well', () => {
    const before = [HEALTHY, HEALTHY];
    const rank = { target_effective_rank_ratio: 0.2, target_effective_rank: 7 };
    expect(named({ ...fallen(0.06), ...DEAD_PREDICTOR, ...rank }, before)).toBe('complete collapse');
  });

  it('leaves a scale that fell beside a live predictor complete', () => {
    expect(named(fallen(0.06))).toBe('complete collapse');
  });
});

describe('samples that are alike at positions that are apart', () => {
  it.each([
    [0.04, 'positional collapse'],
    [0.005, 'complete collapse'],
  ])('with %s of the variance left are %s', (share, label) => {
    expect(named({ ...fallen(share), target_sample_variance_share: 0.001 })).toBe(label);
  });
});

describe('rows that point one way and have lost their rank', () => {
  const oneWay = {
    target_mean_pairwise_cos: 0.9995,
    target_effective_rank_ratio: 0.04,
    target_effective_rank: 1.3,
  };

  it('are dimensional collapse where they became four times as long at once', () => {
    expect(named({ ...oneWay, target_var_per_dim: 0.4, target_std_l2_normalized: 0.003 }, [HEALTHY])).toBe(
      'dimensional collapse',
    );
  });

  it('are complete collapse where they turned step by step', () => {
    const slowly = Array.from({ length: 12 }, (_, i) => ({
      ...HEALTHY,
      target_std_l2_normalized: 0.17 / 1.5 ** (i + 1),
    }));
    expect(named({ ...oneWay, target_std_l2_normalized: 0.17 / 1.5 ** 12 }, slowly)).toBe(
      'complete collapse',
    );
  });
});

describe('rows that a norm keeps long', () => {
  it.each([
    ['have collapsed where a sixth of the directions is left', 0.025, 0.99, 'complete collapse'],
    ['have not where more is', 0.035, 0.99, 'healthy'],
    ['have not where they still point apart', 0.025, 0.97, 'healthy'],
  ])('%s', (_, directions, cosine, label) => {
    expect(named({ ...fallen(0.2, directions), target_mean_pairwise_cos: cosine })).toBe(label);
  });
});

describe('a prediction that is the same row for all samples', () => {
  const dead = { ...DEAD_PREDICTOR, pred_cos_centered_mean: 0.7 };

  it('is predictor collapse, whatever its centred cosine is', () => {
    expect(named(dead)).toBe('predictor collapse');
  });

  it('says once what two rules find with the same bound', () => {
    const diagnoser = new Diagnoser();
    for (let step = 1; step < 6; step++) diagnoser.judge({ step, values: { ...HEALTHY, ...DEAD_PREDICTOR } });
    const evidence = diagnoser.run?.evidence ?? [];
    expect(evidence.length).toBeGreaterThan(0);
    expect(new Set(evidence).size).toBe(evidence.length);
  });

  it('is none where a factor alone is lacking', () => {
    expect(named({ ...dead, pred_cos_centered_mean: 0.9 })).toBe('healthy');
  });

  it('is none where its directions are spread as those of targets are, which a cosine loss leaves', () => {
    expect(named({ ...dead, pred_std_l2_normalized: 0.1 })).toBe('healthy');
  });
});
