import { expect } from 'vitest';
import type { MetricId } from '#metrics/ids.js';

export interface Tolerance {
  /** Share of the expected value. */
  readonly relative: number;
  /** Floor in the value's own unit, for where a share of the value says nothing. */
  readonly absolute: number;
  readonly reason: string;
}

/** Four steps of the subnormal grid: values below 2.2e-308 keep no relative precision. */
const SUBNORMAL_FLOOR = 4 * Number.MIN_VALUE;

const length: Tolerance = {
  relative: 1e-12,
  absolute: SUBNORMAL_FLOOR,
  reason:
    'a sum of positive terms over exact differences: a few ulps, and a margin for the order of summation',
};

const variance: Tolerance = {
  relative: 1e-12,
  absolute: SUBNORMAL_FLOOR,
  reason: 'a sum of squares about a centre whose own rounding is corrected',
};

const cosine: Tolerance = {
  relative: 1e-12,
  absolute: 1e-14,
  reason:
    'near 0 the products cancel: what is left is 2^-53 of the norms, times the root of the number of terms',
};

const ratio: Tolerance = {
  relative: 1e-9,
  absolute: 1e-14,
  reason: 'a quotient of two sums of squares, or one less it: a few ulps of 1 where the quotient is near 1',
};

const groupShare: Tolerance = {
  relative: 1e-12,
  absolute: 1e-15,
  reason: 'a quotient of two sums of squares, each about centres in two parts',
};

const direction: Tolerance = {
  relative: 1e-9,
  absolute: 1e-13,
  reason: 'unit rows hold 2^-53 of 1, and their differences 2^-53 of the largest difference',
};

const rank: Tolerance = {
  relative: 1e-9,
  absolute: 0,
  reason:
    'singular values through a Gram matrix where that surely has them, else through a QR of the matrix itself',
};

const share: Tolerance = {
  relative: 1e-12,
  absolute: 1e-14,
  reason: 'a count or a mean of unit fractions over N',
};

/** The one table of what the numbers are held to. No test has a tolerance of its own. */
export const TOLERANCES = {
  pred_cos_mean: cosine,
  pred_l2_mean: length,
  target_var_per_dim: variance,
  pred_var_per_dim: variance,
  pred_target_corr: cosine,
  pairwise_pred_dist_mean: length,
  kl_reg: {
    relative: 1e-8,
    absolute: 1e-12,
    reason: 'ln det of a covariance that may be singular up to epsilon = 1e-6; the traces are far more exact',
  },
  kl_excess: {
    relative: 1e-8,
    absolute: 1e-9,
    reason: 'kl_reg less a number of its own size: what kl_reg is held to, in nats',
  },
  pairwise_target_dist_mean: length,
  pred_target_var_ratio: ratio,
  pred_r2: ratio,
  pred_cos_centered_mean: cosine,
  pred_target_corr_per_dim: cosine,
  retrieval_top1: share,
  retrieval_mrr: share,
  copy_skill: ratio,
  delta_cos_mean: cosine,
  effective_rank: rank,
  effective_rank_ratio: rank,
  rankme: rank,
  participation_ratio: rank,
  stable_rank: rank,
  top_eigenvalue_share: rank,
  alpha_req: {
    relative: 1e-7,
    absolute: 1e-9,
    reason: 'a slope over logarithms of eigenvalues, the smallest of which keep 2^-52 of the largest',
  },
  std_l2_normalized: direction,
  mean_pairwise_cos: direction,
  dead_dim_fraction: share,
  uniformity: direction,
  vicreg_var: ratio,
  vicreg_cov: {
    relative: 1e-9,
    absolute: SUBNORMAL_FLOOR,
    reason: 'a sum of squared covariances, in the dual less those of the dimensions with themselves',
  },
  sample_variance_share: groupShare,
  token_variance_share: groupShare,
  pred_target_sample_var_ratio: groupShare,
  pred_cos_position_centered_mean: cosine,
  nearest_neighbour_ratio: {
    relative: 1e-9,
    absolute: 1e-13,
    reason:
      'squared distances below 1e-4 of those to the mean are taken from differences, the others keep 1e-12',
  },
  knn_accuracy: share,
  probe_r2: {
    relative: 1e-8,
    absolute: 1e-10,
    reason: 'weights of a ridge whose matrix spans at most D / 0.01 times its penalty',
  },
  lidar: {
    relative: 1e-7,
    absolute: 0,
    reason: 'eigenvalues of a quotient of covariances, the one below bounded by 1e-4',
  },
  temporal_straightness: cosine,
  sigreg: {
    relative: 1e-9,
    absolute: 1e-12,
    reason: 'phases t·s of projections near 1, and differences of means near φ squared',
  },
  spectrum_with_a_long_tail: {
    relative: 1e-4,
    absolute: 0,
    reason:
      'logarithms of eigenvalues near the rounding of the Gram matrix: of α-ReQ alone, in blocks and as a whole',
  },
  isotropic_effective_rank: {
    relative: 1e-12,
    absolute: 0,
    reason: 'quadrature to float64, and a sum of 257 terms',
  },
  eigenvalue: {
    relative: 0,
    absolute: 1e-13,
    reason: 'in units of the largest eigenvalue: n ulps of its own for n up to 200',
  },
  simulation: {
    relative: 0.015,
    absolute: 0,
    reason: 'what the yardstick of effective_rank_ratio promises against a simulated batch, from N = 16 on',
  },
  published: {
    relative: 0.005,
    absolute: 0,
    reason: 'published with three or four digits, of another random batch of the same distribution',
  },
  log_det: {
    relative: 1e-9,
    absolute: 1e-12,
    reason:
      'singular values keep 2^-53 of the largest: 1e-8 of the root of epsilon at 1e5, in nats of about 100',
  },
  kl_reg_null: {
    relative: 1e-12,
    absolute: 1e-13,
    reason: 'D differences of ln(N/2) and digamma, each rounded at the size of ln(N/2)',
  },
  isotropic_share: {
    relative: 0.035,
    absolute: 0,
    reason:
      'the law holds for endless matrices: at the edges of a finite spectrum the mean is up to 3.2 % off, as simulation shows',
  },
  isotropic_share_sum: {
    relative: 1e-4,
    absolute: 0,
    reason: 'quantiles at midpoints stand for means, and only the sums of up to 256 are divided out',
  },
  digamma: {
    relative: 1e-14,
    absolute: 1e-14,
    reason: 'logarithm and recurrence cancel near the root at 1.4616',
  },
  stored_with_six_digits: {
    relative: 5.1e-6,
    absolute: 1e-12,
    reason: 'half of the last of six digits, and what engines differ by in logarithms and cosines',
  },
  kernel: {
    relative: 1e-13,
    absolute: SUBNORMAL_FLOOR,
    reason: 'what every kernel build owes the serial one',
  },
} as const satisfies Record<string, Tolerance>;

export type ToleranceFamily = keyof typeof TOLERANCES;

/** What a metric is held to: its own line of the table, or that of both sides. */
export function familyOf(id: MetricId): ToleranceFamily {
  const name = id in TOLERANCES ? id : id.replace(/^(pred|target)_/, '');
  if (!(name in TOLERANCES)) throw new Error(`no tolerance for ${id}`);
  return name as ToleranceFamily;
}

/** Fails with both numbers, how far they are apart and what was allowed. */
export function expectClose(actual: unknown, expected: number, family: ToleranceFamily, what = ''): void {
  const { relative, absolute } = TOLERANCES[family];
  const label = what === '' ? family : `${what}: ${family}`;
  if (typeof actual !== 'number' || Number.isNaN(actual)) {
    expect.fail(`${label} is ${String(actual)}, expected ${expected}`);
  }
  const error = Math.abs(actual - expected);
  const allowed = Math.max(relative * Math.abs(expected), absolute);
  if (actual !== expected && !(error <= allowed)) {
    expect.fail(
      `${label} is ${actual}, expected ${expected}: off by ${error.toExponential(2)} ` +
        `(relative ${(error / Math.abs(expected)).toExponential(2)}), allowed ${allowed.toExponential(2)}`,
    );
  }
}
