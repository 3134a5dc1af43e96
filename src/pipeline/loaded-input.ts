import type { Matrix } from '../core/matrix.js';
import type { InputPart } from '../discovery/step-ref.js';
import type { LoadedMatrix } from '../formats/define-format.js';

/** One role of one step as it was read: one matrix, from one file or from one a rank. */
export interface LoadedInput {
  readonly matrix: Matrix;
  /** In the order of their rows. */
  readonly parts: readonly LoadedPart[];
}

export interface LoadedPart {
  readonly from: InputPart & { readonly rank?: number };
  readonly dtype: string;
  /** As stored. */
  readonly shape: readonly number[];
  /** Rows it gave to the matrix. */
  readonly rows: number;
  readonly notes: readonly string[];
}

export function loadedPart(
  from: LoadedPart['from'],
  { matrix, dtype, shape, notes }: LoadedMatrix,
): LoadedPart {
  return { from, dtype, shape, rows: matrix.rows, notes };
}
