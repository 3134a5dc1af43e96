import type { EmbeddingInput } from '#monitor/embedding-input.js';
import { toMatrix } from '#monitor/to-matrix.js';
import { createBatch as createBatchOf, type BatchInput as MatricesInput } from '#numerics/matrix/batch.js';
import type { Batch } from '#numerics/matrix/step-view.js';
import { givenArray, placesOf, type Roles } from './axes.js';

type Settings = Pick<MatricesInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed'>;

/**
 * The arrays of one step, in any form of `EmbeddingInput`: `{ data, shape }`, nested arrays, tensors. Of three axes or more,
 * [samples, positions…, D], each row is one sample at one position.
 */
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
  /** Of arrays of three axes or more the axis of the samples, where it is not the first: 1 with [T, B, D]. */
  readonly sampleAxis?: number | undefined;
}

/**
 * Checks a step's arrays, for `computeMetrics`. `float32` stays as it is and is not copied; sums are of float64.
 *
 * @throws InputError E203, E206, E208, E209, E210, E211, E222, E225 for what is no matrix of numbers; E207 for NaN or Inf
 * (row and column); E214 where shapes disagree; E221 for a `klReg` that is not finite; E224 for a `pairwise` or `seed` that is
 * not what its type says; E228 for a `sampleAxis` that an array of three axes or more does not have.
 *
 * @example
 * const batch = createBatch({ prediction: { data: Float32Array.of(1, 2, 3, 5), shape: [2, 2] } });
 * computeMetrics(batch, ['pred_var_per_dim']).metrics; // { pred_var_per_dim: 1.625 }
 */
export function createBatch(input: BatchInput): Batch {
  const { klReg, klFrom, pairwise, seed, sampleAxis } = input;
  const { matrices, roles } = matricesOf(input);
  const settings = defined({ klReg, klFrom, pairwise, seed });
  return createBatchOf({ ...settings, ...matrices, places: placesOf(roles, { sampleAxis }) });
}

type Arrays = Pick<BatchInput, 'target' | 'context' | 'label' | 'group'> & {
  readonly prediction?: EmbeddingInput | undefined;
};

/** Converts the arrays of a step to matrices; `roles` has the axes that they had. */
export function matricesOf({ prediction, target, context, label, group }: Arrays) {
  const optional = (role: string, array: EmbeddingInput | null | undefined) =>
    array === null || array === undefined ? null : toMatrix(role, array);
  const matrices = {
    prediction: toMatrix('prediction', prediction),
    target: optional('target', target),
    context: optional('context', context),
    label: optional('label', label),
    group: optional('group', group),
  };
  const given = { prediction, target, context };
  const roles: Roles = Object.fromEntries(
    (['prediction', 'target', 'context'] as const).flatMap((role) => {
      const [array, matrix] = [given[role], matrices[role]];
      return array == null || matrix === null ? [] : [[role, givenArray(array, matrix)]];
    }),
  );
  return { matrices, roles };
}

/** Leaves out what is undefined. */
export function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
