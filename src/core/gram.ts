import type { Kernels } from '../kernels/kernels.js';
import { serialKernels } from '../kernels/serial.js';
import type { Embedding } from './embedding.js';
import { type ScaledValues, scaledCentred, scaledRaw } from './scaled-values.js';
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
  return gramOf(embedding.shared(scaledCentred), embedding);
}

/** The Gram matrix of the embedding as it is. */
export function rawGram(embedding: Embedding): Gram {
  return gramOf(scaledRaw(embedding), embedding);
}

function gramOf(
  { data, exponent }: ScaledValues,
  { rows, cols }: Embedding,
  kernels: Kernels = serialKernels,
): Gram {
  const { vectors, order, length } = smallSide(data, rows, cols);
  const gram = new Float64Array(order * order);
  kernels.gram(vectors, order, length, gram);
  return { data: gram, order, exponent };
}
