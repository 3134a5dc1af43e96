import { expect } from 'vitest';
import type { CORE_METRIC_IDS } from '../src/metrics/ids.js';

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
  digamma: {
    relative: 1e-14,
    absolute: 1e-14,
    reason: 'logarithm and recurrence cancel near the root at 1.4616',
  },
  kernel: {
    relative: 1e-13,
    absolute: SUBNORMAL_FLOOR,
    reason: 'what every kernel build owes the serial one',
  },
} as const satisfies Record<(typeof CORE_METRIC_IDS)[number], Tolerance> & Record<string, Tolerance>;

export type ToleranceFamily = keyof typeof TOLERANCES;

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
