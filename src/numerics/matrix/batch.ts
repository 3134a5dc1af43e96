import { InputError } from '#errors.js';
import { MIN_SAMPLED_PAIRS, type PairSampling, type Pairwise } from '../random/pair-sampling.js';
import { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';
import type { WholeEmbedding } from './whole-embedding.js';

/** A number the training job supplies, 'computed' for the closed form on this batch, null for neither. */
export type KlReg = number | 'computed' | null;

export interface BatchInput {
  /** [N, D]. */
  readonly prediction: Matrix;
  /** [N, D]; null where a run has embeddings alone. */
  readonly target: Matrix | null;
  /** What the prediction was made from, [N, D]; absent or null where it was not saved. */
  readonly context?: Matrix | null;
  readonly klReg?: KlReg;
  /** Whose distribution the closed form takes; the target's unless said. */
  readonly klFrom?: 'target' | 'prediction';
  /** How the metrics over pairs of rows are computed; 'exact' unless said. */
  readonly pairwise?: Pairwise;
  /** Of the random pairs, where there are any; 0 unless said. */
  readonly seed?: number;
}

/** The same rows of a step's matrices. */
export interface BatchRows {
  readonly prediction: Embedding;
  readonly target: Embedding | null;
  readonly context: Embedding | null;
}

/** One step's checked inputs with the intermediates its metrics share. */
export interface Batch {
  readonly rows: number;
  readonly cols: number;
  readonly prediction: WholeEmbedding;
  readonly target: WholeEmbedding | null;
  readonly context: WholeEmbedding | null;
  readonly klReg: KlReg;
  readonly klFrom: 'target' | 'prediction';
  readonly sampling: PairSampling;
  /** A quantity of several matrices, computed once; `RowsPending` where their rows have yet to pass by. */
  fold<Part>(fold: RowFold<BatchRows, Part>): Part;
}

/**
 * Checks a step's inputs. Throws `InputError`: E207 for NaN or Inf (row and column named), E208 for an empty
 * matrix, E214 where the shapes disagree, E221 for a `klReg` that is not finite, E224 for
 * a `pairwise` or `seed` that is not what its type says.
 */
export function createBatch(input: BatchInput): Batch {
  const settings = batchSettings(input);
  const { prediction, target, context = null } = input;
  checkShapes(prediction, target, context);
  const rows: BatchRows = {
    prediction: new Embedding('prediction', prediction),
    target: target === null ? null : new Embedding('target', target),
    context: context === null ? null : new Embedding('context', context),
  };
  const known = new Map<unknown, unknown>();
  return {
    rows: prediction.rows,
    cols: prediction.cols,
    ...rows,
    ...settings,
    fold<Part>(fold: RowFold<BatchRows, Part>): Part {
      if (!known.has(fold)) known.set(fold, fold.part(rows));
      return known.get(fold) as Part;
    },
  };
}

export type BatchSettings = Pick<Batch, 'klReg' | 'klFrom' | 'sampling'>;

/** What a batch is to be measured by, with its defaults. Throws as `createBatch` does. */
export function batchSettings({
  klReg = null,
  klFrom = 'target',
  pairwise = 'exact',
  seed = 0,
}: Pick<BatchInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed'>): BatchSettings {
  checkSampling(pairwise, seed);
  if (typeof klReg === 'number' && !Number.isFinite(klReg)) {
    throw new InputError('E221', `kl_reg is ${klReg}, not a finite number`, {
      fields: { argument: 'klReg' },
    });
  }
  return { klReg, klFrom, sampling: { pairwise, seed } };
}

type Shape = Pick<Matrix, 'rows' | 'cols'>;

/** Throws `InputError` E214 where the matrices of a step have different shapes. */
export function checkShapes(prediction: Shape, target: Shape | null, context: Shape | null): void {
  if (target !== null) refuseOtherShape(prediction, 'target', target);
  if (context !== null) refuseOtherShape(prediction, 'context', context);
}

function checkSampling(pairwise: Pairwise, seed: number): void {
  const isCount = Number.isSafeInteger(pairwise) && (pairwise as number) >= MIN_SAMPLED_PAIRS;
  if (pairwise !== 'auto' && pairwise !== 'exact' && !isCount) {
    const expected = `'auto', 'exact' or a whole number of pairs, ${MIN_SAMPLED_PAIRS} or more`;
    throw new InputError('E224', `pairwise must be ${expected}, not ${String(pairwise)}`, {
      fields: { argument: 'pairwise', actual: pairwise },
    });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError('E224', `seed must be a whole number of 0 or more, not ${String(seed)}`, {
      fields: { argument: 'seed', actual: seed },
    });
  }
}

function refuseOtherShape(prediction: Shape, role: 'target' | 'context', other: Shape): void {
  if (other.rows === prediction.rows && other.cols === prediction.cols) return;
  const shape = (m: Shape) => `[${m.rows}, ${m.cols}]`;
  throw new InputError('E214', `prediction is ${shape(prediction)}, ${role} is ${shape(other)}`, {
    fields: {
      argument: role,
      prediction: [prediction.rows, prediction.cols],
      [role]: [other.rows, other.cols],
    },
  });
}
