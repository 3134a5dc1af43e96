import { InputError } from '#errors.js';
import { CORE_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { EmbeddingInput } from './embedding-input.js';
import { checkKlReg, type KlRegInput } from './kl-reg.js';
import { toMatrix } from './to-matrix.js';

/** The reference's seven diagnostics, in its order. */
export const COLLAPSE_METRIC_IDS = CORE_METRIC_IDS;

/** The id of one of the reference's seven diagnostics. */
export type CollapseMetricId = (typeof COLLAPSE_METRIC_IDS)[number];

/** The seven diagnostics of one batch: finite numbers, keyed by id. */
export type CollapseMetrics = Readonly<Record<CollapseMetricId, number>>;

/** What `computeCollapseMetrics` needs beside the arrays. */
export interface ComputeOptions {
  readonly klReg: KlRegInput;
}

/**
 * The seven diagnostics of one batch, in float64 and two-pass whatever the inputs hold.
 *
 * `prediction` and `target` are N×D (samples by dimensions; leading axes are flattened). Distances have the
 * embeddings' unit, variances (ddof 0) its square, `kl_reg` nats; cosine and correlation are unitless. One row gives
 * 0 for both variances and the pairwise distance; a row of norm 0 counts as cosine 0; a constant matrix gives
 * correlation 0, which is over all entries at once.
 *
 * Source: RFC-0005 section 3.6, `compute_collapse_metrics` of `geno_lewm.training.collapse`.
 *
 * @throws InputError naming the argument: E203, E206, E208, E209, E210, E211, E222, E225 for what is not an N×D
 * matrix of numbers; E207 for NaN or Inf (row and column); E214 for different shapes; E218 when a result overflows;
 * E221 for `klReg`.
 *
 * @example
 * computeCollapseMetrics([[1, 0], [0, 1]], [[1, 0], [1, 1]], { klReg: 0.25 });
 * // { pred_cos_mean: 0.8535…, pred_l2_mean: 0.5, target_var_per_dim: 0.125, pred_var_per_dim: 0.25,
 * //   pred_target_corr: 0.5773…, pairwise_pred_dist_mean: 1.4142…, kl_reg: 0.25 }
 */
export function computeCollapseMetrics(
  prediction: EmbeddingInput,
  target: EmbeddingInput,
  options: ComputeOptions,
): CollapseMetrics {
  const klReg = checkKlReg(options?.klReg);
  const batch = createBatch({
    prediction: toMatrix('prediction', prediction),
    target: toMatrix('target', target),
    klReg,
  });
  const { metrics, unavailable } = computeMetrics(batch, COLLAPSE_METRIC_IDS);
  const entries = COLLAPSE_METRIC_IDS.map((id) => {
    const value = metrics[id];
    if (typeof value === 'number') return [id, value] as const;
    throw new InputError('E218', `${id} has no value: ${unavailable[id] ?? 'unknown'}`, {
      fields: { metric: id },
    });
  });
  return Object.fromEntries(entries) as CollapseMetrics;
}

/**
 * Checks numbers that come back from a caller, so that a NaN cannot pass as "no alert".
 *
 * @throws InputError E224 naming the metric that is missing or not a finite number.
 */
export function checkCollapseMetrics(metrics: CollapseMetrics, ids: readonly CollapseMetricId[]): void {
  for (const id of ids) {
    const value: unknown = metrics?.[id];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new InputError('E224', `metrics.${id} must be a finite number, not ${String(value)}`, {
        fields: { metric: id, actual: value },
        hint: 'pass what computeCollapseMetrics gave',
      });
    }
  }
}
