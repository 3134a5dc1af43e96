import { currentKernels } from '../kernels/choose-kernels.js';
import type { Embedding } from './embedding.js';
import { isOrdinary, type ScaledValues, scaledCentred, scaledRaw } from './scaled-values.js';
import { smallSide } from './small-side.js';

/** The smaller of X Xᵀ and Xᵀ X. */
export interface Gram {
  /** Lower triangle, row-major [order, order], in units of 4^exponent; read it, never write to it. */
  readonly data: Float64Array;
  /** min(rows, cols). */
  readonly order: number;
  readonly exponent: number;
}

/** The Gram matrix of the centred embedding: N·Σ (ddof 0), or its dual where there are fewer rows than dimensions. */
export function centredGram(embedding: Embedding): Gram {
  const { matrix, rows, cols, centre, spread } = embedding;
  if (!isOrdinary(spread)) return gramOf(embedding.shared(scaledCentred), embedding);
  // Squares of ordinary values need no unit of their own, and the kernels centre while they read.
  const order = Math.min(rows, cols);
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (rows < cols) kernels.gram(matrix.data, rows, cols, gram, centre);
  else kernels.gramOfColumns(matrix.data, rows, cols, gram, centre);
  return { data: gram, order, exponent: 0 };
}

/** The Gram matrix of the embedding as it is. */
export function rawGram(embedding: Embedding): Gram {
  return gramOf(scaledRaw(embedding), embedding);
}

function gramOf({ data, exponent }: ScaledValues, { rows, cols }: Embedding): Gram {
  const { vectors, order, length } = smallSide(data, rows, cols);
  const gram = new Float64Array(order * order);
  currentKernels().gram(vectors, order, length, gram);
  return { data: gram, order, exponent };
}
