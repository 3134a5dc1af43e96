export interface Tolerance {
  /** Share of the expected value. */
  readonly relative: number;
  /** Floor in the value's own unit, for where a share of the value says nothing. */
  readonly absolute: number;
  readonly reason: string;
}
/** The one table of what the numbers are held to. No test has a tolerance of its own. */
export declare const TOLERANCES: {
  readonly pred_cos_mean: Tolerance;
  readonly pred_l2_mean: Tolerance;
  readonly target_var_per_dim: Tolerance;
  readonly pred_var_per_dim: Tolerance;
  readonly pred_target_corr: Tolerance;
  readonly pairwise_pred_dist_mean: Tolerance;
  readonly kl_reg: {
    readonly relative: 1e-8;
    readonly absolute: 1e-12;
    readonly reason: 'ln det of a covariance that may be singular up to epsilon = 1e-6; the traces are far more exact';
  };
  readonly log_det: {
    readonly relative: 1e-9;
    readonly absolute: 1e-12;
    readonly reason: 'singular values keep 2^-53 of the largest: 1e-8 of the root of epsilon at 1e5, in nats of about 100';
  };
  readonly kl_reg_null: {
    readonly relative: 1e-12;
    readonly absolute: 1e-13;
    readonly reason: 'D differences of ln(N/2) and digamma, each rounded at the size of ln(N/2)';
  };
  readonly digamma: {
    readonly relative: 1e-14;
    readonly absolute: 1e-14;
    readonly reason: 'logarithm and recurrence cancel near the root at 1.4616';
  };
  readonly kernel: {
    readonly relative: 1e-13;
    readonly absolute: number;
    readonly reason: 'what every kernel build owes the serial one';
  };
};
export type ToleranceFamily = keyof typeof TOLERANCES;
/** Fails with both numbers, how far they are apart and what was allowed. */
export declare function expectClose(
  actual: unknown,
  expected: number,
  family: ToleranceFamily,
  what?: string,
): void;
