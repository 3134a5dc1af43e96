import { currentKernels } from '../kernels/choose-kernels.js';
import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';
import { isOrdinary, type ScaledValues, scaledCentred, scaledRaw } from './scaled-values.js';
import type { WholeEmbedding } from './whole-embedding.js';

/** The smaller of X Xᵀ and Xᵀ X. */
export interface Gram {
  /** Lower triangle, row-major [order, order], in units of 4^exponent; read it, never write to it. */
  readonly data: Float64Array;
  /** min(rows, cols). */
  readonly order: number;
  readonly exponent: number;
  /** Σ over i < j of the distances of the rows, where they were expected, and come from the same products. */
  readonly distances?: number | null;
}

/**
 * The Gram matrix of the centred embedding: N·Σ (ddof 0), or its dual where there are fewer rows than dimensions. Of
 * blocks of rows it is the sum of theirs: there are hundreds at most, each a sum of its own, so rounding stays put.
 */
export const CENTRED_GRAM: RowFold<Embedding, Gram> = { part: centredGram, join: sumOfGrams };

/** Says that the distances of the rows will be asked for: their Gram matrix, if it is needed, brings them along. */
export function expectDistances(embedding: WholeEmbedding): void {
  embedding.keyed(expectDistances, () => true);
}

/** The Gram matrix of the embedding as it is. */
export const RAW_GRAM: RowFold<Embedding, Gram> = {
  part: (embedding) => gramOf(scaledRaw(embedding), embedding),
  join: sumOfGrams,
};

function centredGram(embedding: Embedding): Gram {
  const { matrix, rows, cols, centre, spread, isWide } = embedding;
  if (!isOrdinary(spread)) return gramOf(embedding.shared(scaledCentred), embedding);
  // Squares of ordinary values need no unit of their own, and the kernels centre while they read.
  const order = isWide ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (isWide && embedding.ifShared(expectDistances) !== undefined) {
    const distances = kernels.gramAndDistances(matrix.data, rows, cols, gram, centre);
    return { data: gram, order, exponent: 0, distances };
  }
  if (isWide) kernels.gram(matrix.data, rows, cols, gram, centre);
  else kernels.gramOfColumns(matrix.data, rows, cols, gram, centre);
  return { data: gram, order, exponent: 0 };
}

function gramOf(
  { data, exponent }: ScaledValues<Float32Array | Float64Array>,
  { rows, cols, isWide }: Embedding,
): Gram {
  const order = isWide ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (isWide) kernels.gram(data, rows, cols, gram);
  else kernels.gramOfColumns(data, rows, cols, gram);
  return { data: gram, order, exponent };
}

/** Into the first one's array. */
function sumOfGrams(a: Gram, b: Gram): Gram {
  for (let k = 0; k < a.data.length; k++) a.data[k] = a.data[k]! + b.data[k]!;
  return a;
}
