import type { RowPlaces } from '../positions/row-places.js';
import type { PairSampling } from '../random/pair-sampling.js';
import type { Matrix } from './matrix.js';
import type { KeptBytes, MatrixNeeds, MatrixQuantity, MatrixView, Rows, RowsOwn } from './matrix-view.js';
import type { Memo } from './memo.js';
import type { Subject, VisitNeed } from './quantity.js';

/** Some rows of a matrix, in memory; its quantities are those of the whole. */
export class RowBlock implements Rows {
  readonly role: string;
  readonly rows: number;
  readonly cols: number;
  readonly matrix: Matrix;
  readonly sampling: PairSampling;
  readonly places: RowPlaces | null;
  readonly firstRow: number;
  readonly isWhole = false;
  readonly #whole: MatrixView;
  readonly #memo: Memo;

  constructor(whole: MatrixView, matrix: Matrix, firstRow: number, memo: Memo) {
    this.role = whole.role;
    this.rows = matrix.rows;
    this.cols = matrix.cols;
    this.matrix = matrix;
    this.sampling = whole.sampling;
    this.places = whole.places;
    this.firstRow = firstRow;
    this.#whole = whole;
    this.#memo = memo;
  }

  get rowsInMemory(): this {
    return this;
  }

  get<Value>(quantity: MatrixQuantity<Value>): Value {
    return this.#whole.get(quantity);
  }

  own<Value>(own: RowsOwn<Value>): Value {
    return this.#memo.own<Rows, Value>(this, own);
  }

  isNeeded(quantity: MatrixQuantity): boolean {
    return this.#whole.isNeeded(quantity);
  }

  ifNeeded<Value>(quantity: MatrixQuantity<Value>): Value | null {
    return this.#whole.ifNeeded(quantity);
  }

  willKeep(values: number, bytes?: KeptBytes): void {
    this.#whole.willKeep(values, bytes);
  }

  whyNotKept(values: number, bytes?: KeptBytes): string | null {
    return this.#whole.whyNotKept(values, bytes);
  }

  some(rows: Matrix, firstRow?: number): Rows {
    return this.#whole.some(rows, firstRow);
  }

  forEachNeed(needs: MatrixNeeds, visit: VisitNeed): void {
    this.#whole.forEachNeed(needs, visit);
  }

  declares(needs: MatrixNeeds, of: Subject, quantity: MatrixQuantity): boolean {
    return this.#whole.declares(needs, of, quantity);
  }
}
