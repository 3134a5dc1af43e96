import type { Centre } from '#kernels/kernels.js';
import type { ColumnMoments } from './column-moments.js';
import type { ColumnRange } from './column-range.js';
import type { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';

/** One checked matrix of a batch, whether its rows lie in memory or pass by in blocks. */
export abstract class WholeEmbedding {
  readonly role: string;
  readonly rows: number;
  readonly cols: number;
  #extent: { min: number; max: number } | undefined;
  #spread: number | undefined;
  readonly #shared = new Map<unknown, unknown>();

  constructor(role: string, rows: number, cols: number) {
    this.role = role;
    this.rows = rows;
    this.cols = cols;
  }

  /** The smallest and largest value of each column. */
  abstract get columnRange(): ColumnRange;

  /** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
  abstract get columnMeans(): Float64Array;

  /** The rounding of the column means and the second moments about them, [cols] each. */
  abstract get columnMoments(): ColumnMoments;

  /** What centring takes from every row, without a centred copy. */
  abstract get centre(): Centre;

  /** The quantity, computed once; `RowsPending` where its rows have yet to pass by. */
  abstract fold<Part>(fold: RowFold<Embedding, Part>): Part;

  /** Says that these will be asked for, so that one pass over the rows serves them all. */
  abstract expect(...folds: readonly RowFold<Embedding, unknown>[]): void;

  /** False where rows pass by. */
  abstract get isInMemory(): boolean;

  /** The whole matrix as rows in memory, for what cannot be had from blocks. */
  abstract get inMemory(): Embedding;

  abstract expectInMemory(): void;

  /** Throws `InputError` E220 where so many values are more than may be held of rows that pass by. */
  abstract admit(values: number): void;

  /** Some of the rows, with the means, range and unit of the whole matrix. */
  abstract some(rows: Matrix): Embedding;

  /** True where the column's smallest value equals its largest: it centres to exactly 0. */
  isConstantColumn(j: number): boolean {
    return this.columnRange.min[j] === this.columnRange.max[j];
  }

  /** The smallest and largest value of a column. */
  columnExtent(j: number): { min: number; max: number } {
    return { min: this.columnRange.min[j]!, max: this.columnRange.max[j]! };
  }

  /** The smallest and largest value of the whole matrix. */
  get extent(): { min: number; max: number } {
    if (this.#extent === undefined) {
      const { min, max } = this.columnRange;
      this.#extent = {
        min: min.reduce((a, b) => Math.min(a, b)),
        max: max.reduce((a, b) => Math.max(a, b)),
      };
    }
    return this.#extent;
  }

  /** The largest max − min of any column; 0 only if every column is constant, Infinity if it overflows. */
  get spread(): number {
    if (this.#spread === undefined) {
      const { min, max } = this.columnRange;
      let spread = 0;
      for (let j = 0; j < this.cols; j++) spread = Math.max(spread, max[j]! - min[j]!);
      this.#spread = spread;
    }
    return this.#spread;
  }

  /** What `derive` makes of this matrix, computed for the first metric that asks; `derive` itself is the key. */
  shared<T>(derive: (embedding: this) => T): T {
    return this.keyed(derive, () => derive(this));
  }

  /** What is shared under a key; undefined until somebody asked. */
  ifShared<T>(key: unknown): T | undefined {
    return this.#shared.get(key) as T | undefined;
  }

  /** The same under a key, for what depends on more than the matrix. */
  keyed<T>(key: unknown, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }
}
