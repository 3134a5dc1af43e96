import { InputError } from '../errors.js';
import { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';

/** A number the training job supplies, 'computed' for the closed form on this batch, null for neither. */
export type KlReg = number | 'computed' | null;

export interface BatchInput {
  /** [N, D]. */
  readonly prediction: Matrix;
  /** [N, D]; null where a run has embeddings alone. */
  readonly target: Matrix | null;
  readonly klReg?: KlReg;
  /** Whose distribution the closed form takes; the target's unless said. */
  readonly klFrom?: 'target' | 'prediction';
}

/** One step's checked inputs with the intermediates its metrics share. */
export interface Batch {
  readonly rows: number;
  readonly cols: number;
  readonly prediction: Embedding;
  readonly target: Embedding | null;
  readonly klReg: KlReg;
  readonly klFrom: 'target' | 'prediction';
}

/**
 * Checks a step's inputs. Throws `InputError`: E207 for NaN or Inf (row and column named), E208 for an empty
 * matrix, E214 where the shapes disagree, E221 for a `klReg` that is not finite.
 */
export function createBatch({ prediction, target, klReg = null, klFrom = 'target' }: BatchInput): Batch {
  if (typeof klReg === 'number' && !Number.isFinite(klReg)) {
    throw new InputError('E221', `kl_reg is ${klReg}, not a finite number`, {
      fields: { argument: 'klReg' },
    });
  }
  if (target !== null && (target.rows !== prediction.rows || target.cols !== prediction.cols)) {
    const shape = (m: Matrix) => `[${m.rows}, ${m.cols}]`;
    throw new InputError('E214', `prediction is ${shape(prediction)}, target is ${shape(target)}`, {
      fields: {
        prediction: [prediction.rows, prediction.cols],
        target: [target.rows, target.cols],
      },
    });
  }
  return {
    rows: prediction.rows,
    cols: prediction.cols,
    prediction: new Embedding('prediction', prediction),
    target: target === null ? null : new Embedding('target', target),
    klReg,
    klFrom,
  };
}
