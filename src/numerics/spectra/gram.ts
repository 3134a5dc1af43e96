import { currentKernels } from '#kernels/choose-kernels.js';
import type { Embedding } from '../matrix/embedding.js';
import type { RowFold } from '../matrix/row-fold.js';
import { isOrdinary, type ScaledValues, scaledCentred, scaledRaw } from '../matrix/scaled-values.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';

/** X Xᵀ or Xᵀ X. */
export interface Gram {
  /** Lower triangle, row-major [order, order], in units of 4^exponent; read it, never write to it. */
  readonly data: Float64Array;
  /** rows or cols. */
  readonly order: number;
  readonly exponent: number;
  /** Σ over i < j of the distances of the rows, where they were expected, and come from the same products. */
  readonly distances?: number | null;
}

/**
 * The Gram matrix of the centred embedding: N·Σ (ddof 0), or its dual where it is wide. Of blocks of rows it is the sum
 * of theirs: there are hundreds at most, each a sum of its own, so rounding stays put.
 */
export const CENTRED_GRAM: RowFold<Embedding, Gram> = {
  part: (embedding) => centredGram(embedding, embedding.isWide),
  join: sumOfGrams,
};

/** N·Σ (ddof 0), whichever is smaller. */
export const CENTRED_COLUMN_GRAM: RowFold<Embedding, Gram> = {
  part: (embedding) => centredGram(embedding, false),
  join: sumOfGrams,
};

/** Says that the distances of the rows will be asked for: their Gram matrix, if it is needed, brings them along. */
export function expectDistances(embedding: WholeEmbedding): void {
  embedding.keyed(expectDistances, () => true);
}

/** The Gram matrix of the embedding as it is. */
export const RAW_GRAM: RowFold<Embedding, Gram> = {
  part: (embedding) => gramOf(scaledRaw(embedding), embedding, embedding.isWide),
  join: sumOfGrams,
};

function centredGram(embedding: Embedding, byRows: boolean): Gram {
  const { matrix, rows, cols, centre, spread } = embedding;
  if (!isOrdinary(spread)) return gramOf(embedding.shared(scaledCentred), embedding, byRows);
  // Squares of ordinary values need no unit of their own, and the kernels centre while they read.
  const order = byRows ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (byRows && embedding.ifShared(expectDistances) !== undefined) {
    const distances = kernels.gramAndDistances(matrix.data, rows, cols, gram, centre);
    return { data: gram, order, exponent: 0, distances };
  }
  if (byRows) kernels.gram(matrix.data, rows, cols, gram, centre);
  else kernels.gramOfColumns(matrix.data, rows, cols, gram, centre);
  return { data: gram, order, exponent: 0 };
}

function gramOf(
  { data, exponent }: ScaledValues<Float32Array | Float64Array>,
  { rows, cols }: Embedding,
  byRows: boolean,
): Gram {
  const order = byRows ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (byRows) kernels.gram(data, rows, cols, gram);
  else kernels.gramOfColumns(data, rows, cols, gram);
  return { data: gram, order, exponent };
}

/** Into the first one's array. */
function sumOfGrams(a: Gram, b: Gram): Gram {
  for (let k = 0; k < a.data.length; k++) a.data[k] = a.data[k]! + b.data[k]!;
  return a;
}
