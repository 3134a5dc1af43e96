import { checkShape, refuseNonFinite } from '../matrix/check-matrix.js';
import type { Matrix } from '../matrix/matrix.js';
import type { KeptBytes, MatrixNeeds, MatrixQuantity, MatrixView, Rows } from '../matrix/matrix-view.js';
import type { Memo } from '../matrix/memo.js';
import type { Subject, VisitNeed } from '../matrix/quantity.js';
import { RowBlock } from '../matrix/row-block.js';
import { SURVEY } from '../matrix/survey.js';
import type { RowPlaces } from '../positions/row-places.js';
import type { PairSampling } from '../random/pair-sampling.js';
import type { KeptRows } from './kept-rows.js';

export interface StreamedShape {
  readonly rows: number;
  readonly cols: number;
  /** Of a value in memory: 4 for float32, else 8. */
  readonly valueBytes: 4 | 8;
}

/** A matrix whose rows pass by in blocks, as often as its metrics need. The first pass checks and surveys them. */
export class StreamedMatrix implements MatrixView {
  readonly role: string;
  readonly rows: number;
  readonly cols: number;
  readonly sampling: PairSampling;
  readonly places: RowPlaces | null;
  readonly rowsInMemory = null;
  readonly #kept: KeptRows;
  readonly #valueBytes: number;
  readonly #memo: Memo;
  #passed = 0;
  #isChecked = false;

  /** Throws `InputError` E208 for no rows or no columns. */
  constructor(
    role: string,
    shape: StreamedShape,
    sampling: PairSampling,
    kept: KeptRows,
    memo: Memo,
    places: RowPlaces | null = null,
  ) {
    checkShape(role, shape);
    this.role = role;
    this.rows = shape.rows;
    this.cols = shape.cols;
    this.sampling = sampling;
    this.places = places;
    this.#kept = kept;
    this.#valueBytes = shape.valueBytes;
    this.#memo = memo;
    memo.declare(this, SURVEY);
  }

  get<Value>(quantity: MatrixQuantity<Value>): Value {
    return this.#memo.get(this, quantity) as Value;
  }

  isNeeded(quantity: MatrixQuantity): boolean {
    return this.#memo.isNeeded(this, quantity);
  }

  ifNeeded<Value>(quantity: MatrixQuantity<Value>): Value | null {
    return this.#memo.ifNeeded(this, quantity) as Value | null;
  }

  willKeep(values: number, bytes?: KeptBytes): void {
    this.#kept.ask(this.#keeping(values, bytes));
  }

  whyNotKept(values: number, bytes?: KeptBytes): string | null {
    return this.#kept.whyNot(this.#keeping(values, bytes));
  }

  #keeping(values: number, { more = 0, beside = 0 }: KeptBytes = {}) {
    const { role } = this;
    return { role, bytes: values * this.#valueBytes, more: values * more, beside: values * beside };
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

  /** The next rows of a pass. Throws `InputError` E207 for NaN or Inf, by its row in the whole. */
  pass(rows: Matrix): Rows {
    if (!this.#isChecked) refuseNonFinite(this.role, rows, this.#passed);
    const block = this.some(rows, this.#passed);
    this.#passed += rows.rows;
    return block;
  }

  endPass(): void {
    this.#isChecked ||= this.#passed > 0;
    this.#passed = 0;
  }
}
