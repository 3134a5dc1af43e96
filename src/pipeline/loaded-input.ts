import type { Matrix } from '../core/matrix.js';
import type { InputPart } from '../discovery/step-ref.js';
import type { LoadedMatrix } from '../formats/define-format.js';

/** Where the rows of one role of one step lie: in one file, or in one a rank. */
export interface InputRows {
  /** In the order of their rows. */
  readonly parts: readonly LoadedPart[];
}

/** The same as it was read, as one matrix. */
export interface LoadedInput extends InputRows {
  readonly matrix: Matrix;
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
