import { InputError } from '#errors.js';
import type { Centre } from '#kernels/kernels.js';
import { COLUMN_MOMENTS, COLUMN_SUMS, type ColumnMoments, meansOf } from '../matrix/column-moments.js';
import { COLUMN_RANGE, type ColumnRange } from '../matrix/column-range.js';
import { checkShape, Embedding, refuseNonFinite } from '../matrix/embedding.js';
import type { Matrix } from '../matrix/matrix.js';
import type { RowFold } from '../matrix/row-fold.js';
import { WholeEmbedding } from '../matrix/whole-embedding.js';
import { expectRows, gatherRows } from './gather-rows.js';
import { PassFolds } from './pass-folds.js';

export interface StreamedShape {
  readonly rows: number;
  readonly cols: number;
  /** Of a value in memory: 4 for float32, else 8. */
  readonly valueBytes: 4 | 8;
}

/**
 * A matrix whose rows pass by in blocks, as often as its metrics need. The first pass checks them and finds range and
 * means; what is centred follows in the second.
 */
export class StreamedEmbedding extends WholeEmbedding {
  readonly #folds = new PassFolds<Embedding>();
  readonly #maxBytes: number;
  readonly #valueBytes: number;
  #passed = 0;
  #isChecked = false;

  /**
   * Throws `InputError` E208 for no rows or no columns.
   * @param maxBytes What may be held at once of rows that are kept.
   */
  constructor(role: string, { rows, cols, valueBytes }: StreamedShape, maxBytes: number) {
    super(role, rows, cols);
    checkShape(role, rows, cols);
    this.#maxBytes = maxBytes;
    this.#valueBytes = valueBytes;
    this.expect(COLUMN_RANGE, COLUMN_SUMS);
  }

  get columnRange(): ColumnRange {
    return this.fold(COLUMN_RANGE);
  }

  get columnMeans(): Float64Array {
    return this.centre.mean;
  }

  get columnMoments(): ColumnMoments {
    return this.fold(COLUMN_MOMENTS);
  }

  get centre(): Centre {
    return this.keyed(COLUMN_SUMS, () => meansOf(this.fold(COLUMN_SUMS)));
  }

  get isChecked(): boolean {
    return this.#isChecked;
  }

  /** True where the next pass has something to find out. */
  get isAsked(): boolean {
    return this.#folds.isAsked;
  }

  fold<Part>(fold: RowFold<Embedding, Part>): Part {
    return this.#folds.get(fold);
  }

  expect(...folds: readonly RowFold<Embedding, unknown>[]): void {
    for (const fold of folds) this.#folds.ask(fold);
  }

  get isInMemory(): boolean {
    return false;
  }

  /** Throws `InputError` E220 where that is more than may be held. */
  get inMemory(): Embedding {
    return gatherRows(this, ALL_ROWS, () => this.#allRows());
  }

  expectInMemory(): void {
    expectRows(this, ALL_ROWS, () => this.#allRows());
  }

  admit(values: number): void {
    const needed = values * this.#valueBytes;
    if (needed <= this.#maxBytes) return;
    throw new InputError(
      'E220',
      `the ${this.role} passes by in blocks of rows, and ${needed} bytes of it are needed at once; the budget is ${this.#maxBytes}`,
      { fields: { argument: this.role, needed, budget: this.#maxBytes } },
    );
  }

  some(rows: Matrix): Embedding {
    return new Embedding(this.role, rows, this);
  }

  startPass(): void {
    this.#passed = 0;
    this.#folds.startPass();
  }

  /** The next rows. Throws `InputError` E207 for NaN or Inf, by its row in the whole. */
  pass(rows: Matrix): Embedding {
    if (!this.#isChecked) refuseNonFinite(this.role, rows, this.#passed);
    const block = new Embedding(this.role, rows, this, this.#passed);
    this.#passed += rows.rows;
    this.#folds.add(block);
    return block;
  }

  endPass(): void {
    this.#isChecked = true;
    this.#folds.endPass();
  }

  #allRows(): Float64Array {
    return Float64Array.from({ length: this.rows }, (_, i) => i);
  }
}

const ALL_ROWS = 'all';
