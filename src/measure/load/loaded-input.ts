import type { InputPart } from '#discovery/names/step-ref.js';
import type { LoadedMatrix } from '#formats/shared/define-format.js';
import type { Matrix } from '#numerics/matrix/matrix.js';

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
