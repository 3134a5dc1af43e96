import { InputError } from '#errors.js';
import type { RowPlaces } from '../positions/row-places.js';
import { EXACT, type PairSampling } from '../random/pair-sampling.js';
import { checkShape, refuseNonFinite } from './check-matrix.js';
import type { Matrix } from './matrix.js';
import type { MatrixNeeds, MatrixQuantity, Rows, RowsOwn } from './matrix-view.js';
import { Memo } from './memo.js';
import type { Subject, VisitNeed } from './quantity.js';
import { RowBlock } from './row-block.js';
import { COLUMN_SUMS, isSurelyFinite } from './survey.js';

/**
 * A whole matrix in memory. Everything is float64 whatever it holds, and two-pass: columns are centred before anything
 * is squared.
 */
export class MatrixInMemory implements Rows {
  readonly role: string;
  readonly rows: number;
  readonly cols: number;
  readonly matrix: Matrix;
  readonly sampling: PairSampling;
  readonly places: RowPlaces | null;
  readonly firstRow = 0;
  readonly isWhole = true;
  readonly #memo: Memo;

  /** Throws `InputError` E208 for no rows or no columns, E207 naming row and column of the first NaN or Inf. */
  constructor(
    role: string,
    matrix: Matrix,
    sampling: PairSampling = EXACT,
    memo = new Memo(),
    places: RowPlaces | null = null,
  ) {
    const { data, rows, cols } = matrix;
    checkShape(role, matrix);
    if (data.length !== rows * cols) {
      throw new InputError('E203', `${role} has ${data.length} values, its shape says ${rows * cols}`, {
        fields: { argument: role, expected: rows * cols, actual: data.length },
      });
    }
    this.role = role;
    this.rows = rows;
    this.cols = cols;
    this.matrix = matrix;
    this.sampling = sampling;
    this.places = places;
    this.#memo = memo;
    if (!isSurelyFinite(this.get(COLUMN_SUMS))) refuseNonFinite(role, matrix);
  }

  get rowsInMemory(): this {
    return this;
  }

  get<Value>(quantity: MatrixQuantity<Value>): Value {
    return this.#memo.get(this, quantity) as Value;
  }

  own<Value>(own: RowsOwn<Value>): Value {
    return this.#memo.own<Rows, Value>(this, own);
  }

  isNeeded(quantity: MatrixQuantity): boolean {
    return this.#memo.isNeeded(this, quantity);
  }

  ifNeeded<Value>(quantity: MatrixQuantity<Value>): Value | null {
    return this.#memo.ifNeeded(this, quantity) as Value | null;
  }

  willKeep(): void {}

  whyNotKept(): null {
    return null;
  }

  some(rows: Matrix, firstRow = 0): Rows {
    return new RowBlock(this, rows, firstRow, this.#memo);
  }

  forEachNeed(needs: MatrixNeeds, visit: VisitNeed): void {
    for (const quantity of needs) visit(this, quantity);
  }

  declares(needs: MatrixNeeds, of: Subject, quantity: MatrixQuantity): boolean {
    return of === this && needs.includes(quantity);
  }
}
