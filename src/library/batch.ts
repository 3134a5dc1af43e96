import type { EmbeddingInput } from '#monitor/embedding-input.js';
import { toMatrix } from '#monitor/to-matrix.js';
import { createBatch as createBatchOf, type BatchInput as MatricesInput } from '#numerics/matrix/batch.js';
import type { Batch } from '#numerics/matrix/step-view.js';

type Settings = Pick<MatricesInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed'>;

/** The arrays of one step, in any form of `EmbeddingInput`: `{ data, shape }`, nested arrays, tensors. */
export interface BatchInput extends Settings {
  /** [N, D]. */
  readonly prediction: EmbeddingInput;
  /** [N, D]; absent or null where a run has embeddings alone, which are its prediction. */
  readonly target?: EmbeddingInput | null | undefined;
  /** What the prediction was made from, [N, D]; `copy_skill` and `delta_cos_mean` need it. */
  readonly context?: EmbeddingInput | null | undefined;
  /** A class of each row, [N, 1], or K factors, [N, K]. */
  readonly label?: EmbeddingInput | null | undefined;
  /** Of each row which sample it is a view of, as a number, [N, 1]. */
  readonly group?: EmbeddingInput | null | undefined;
}

/**
 * Checks a step's arrays, for `computeMetrics`. `float32` stays as it is and is not copied; sums are of float64.
 *
 * @throws InputError E203, E206, E208, E209, E210, E211, E222, E225 for what is no matrix of numbers; E207 for NaN or Inf
 * (row and column); E214 where shapes disagree; E221 for a `klReg` that is not finite; E224 for a `pairwise` or `seed` that is
 * not what its type says.
 *
 * @example
 * const batch = createBatch({ prediction: { data: Float32Array.of(1, 2, 3, 5), shape: [2, 2] } });
 * computeMetrics(batch, ['pred_var_per_dim']).metrics; // { pred_var_per_dim: 1.625 }
 */
export function createBatch({ prediction, target, context, label, group, ...settings }: BatchInput): Batch {
  const optional = (role: string, array: EmbeddingInput | null | undefined) =>
    array === null || array === undefined ? null : toMatrix(role, array);
  return createBatchOf({
    ...settings,
    prediction: toMatrix('prediction', prediction),
    target: optional('target', target),
    context: optional('context', context),
    label: optional('label', label),
    group: optional('group', group),
  });
}
