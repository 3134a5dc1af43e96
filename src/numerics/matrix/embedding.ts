import { InputError, type NonFinite, nonFiniteText } from '#errors.js';
import type { Centre } from '#kernels/kernels.js';
import { meansFrom } from '#kernels/serial/means-from.js';
import { eachTimesPowerOfTwo, exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { RunningSum } from '../floating/running-sum.js';
import {
  type ColumnMoments,
  columnMeans,
  columnMoments,
  columnSurvey,
  isSurelyFinite,
} from './column-moments.js';
import type { ColumnRange } from './column-range.js';
import { firstNonFinite } from './first-non-finite.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';
import { WholeEmbedding } from './whole-embedding.js';

/** A sum of squares in this range has lost nothing to over- or underflow that a float64 could show. */
const SAFE_SQUARES_MIN = 1e-250;
const SAFE_SQUARES_MAX = 1e250;

export function isSafeSumOfSquares(s: number): boolean {
  return s > SAFE_SQUARES_MIN && s < SAFE_SQUARES_MAX;
}

/**
 * Rows of a matrix in memory with what several metrics need of them, computed at most once: a whole matrix, or a block
 * of one, whose means, range and unit are then those of the whole.
 * Everything is float64 whatever the matrix holds, and two-pass: columns are centred before anything is squared.
 */
export class Embedding extends WholeEmbedding {
  readonly matrix: Matrix;
  /** Where the first of these rows stands in the whole matrix; 0 for rows from many places. */
  readonly firstRow: number;
  readonly #whole: WholeEmbedding | null;
  #columnMeans: Float64Array | undefined;
  #columnMoments: ColumnMoments | undefined;
  #centred: Float64Array | undefined;
  #differenceForm: { data: Float32Array | Float64Array; exponent: number } | undefined;

  /**
   * Throws `InputError` E208 for no rows or no columns, E207 naming row and column of the first NaN or Inf; rows of a
   * `whole` have been checked.
   */
  constructor(role: string, matrix: Matrix, whole: WholeEmbedding | null = null, firstRow = 0) {
    const { data, rows, cols } = matrix;
    super(role, rows, cols);
    checkShape(role, rows, cols);
    if (data.length !== rows * cols) {
      throw new InputError('E203', `${role} holds ${data.length} values, its shape says ${rows * cols}`, {
        fields: { argument: role, expected: rows * cols, actual: data.length },
      });
    }
    this.matrix = matrix;
    this.firstRow = firstRow;
    this.#whole = whole;
    if (whole === null && !isSurelyFinite(this.shared(columnSurvey))) refuseNonFinite(role, matrix);
  }

  get columnRange(): ColumnRange {
    if (this.#whole !== null) return this.#whole.columnRange;
    return this.shared(columnSurvey);
  }

  get columnMeans(): Float64Array {
    if (this.#whole !== null) return this.#whole.columnMeans;
    this.#columnMeans ??= meansFrom(this.matrix.data, this.rows, this.shared(columnSurvey));
    return this.#columnMeans;
  }

  get columnMoments(): ColumnMoments {
    if (this.#whole !== null) return this.#whole.columnMoments;
    this.#columnMoments ??= columnMoments(this);
    return this.#columnMoments;
  }

  get centre(): Centre {
    if (this.#whole !== null) return this.#whole.centre;
    return { mean: this.columnMeans, residual: this.columnMoments.residual };
  }

  override get spread(): number {
    return this.#whole === null ? super.spread : this.#whole.spread;
  }

  override get extent(): { min: number; max: number } {
    return this.#whole === null ? super.extent : this.#whole.extent;
  }

  /**
   * True where the whole matrix has no more rows than dimensions: its Gram matrix is then that of the rows, which holds
   * their distances. Rows that pass by never meet each other.
   */
  get isWide(): boolean {
    const whole = this.#whole ?? this;
    return whole.isInMemory && whole.rows <= this.cols;
  }

  fold<Part>(fold: RowFold<Embedding, Part>): Part {
    return this.keyed(fold.part, () => fold.part(this));
  }

  /** The quantity, where somebody has asked for it. */
  known<Part>(fold: RowFold<Embedding, Part>): Part | undefined {
    return this.ifShared<Part>(fold.part);
  }

  expect(): void {}

  expectInMemory(): void {}

  admit(): void {}

  get isInMemory(): boolean {
    return true;
  }

  get inMemory(): Embedding {
    return this;
  }

  some(rows: Matrix): Embedding {
    return new Embedding(this.role, rows, this.#whole ?? this);
  }

  /**
   * The matrix minus its column means, [rows, cols]; constant columns are exactly 0.
   * Centred a second time, because a mean is rounded and the rows may sit far closer together than its last digit.
   */
  get centred(): Float64Array {
    this.#centred ??= this.#centre();
    return this.#centred;
  }

  /**
   * The values times 2^-exponent, uncentred, so that differences of rows square without over- or underflow.
   * The exponent is 0, and nothing but the type changes, unless the spread is extreme.
   */
  get differenceForm(): { readonly data: Float32Array | Float64Array; readonly exponent: number } {
    this.#differenceForm ??= this.#scaleForDifferences();
    return this.#differenceForm;
  }

  #centre(): Float64Array {
    const { data, rows, cols } = this.matrix;
    const means = this.columnMeans;
    const centred = new Float64Array(rows * cols);
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, k++) centred[k] = data[k]! - means[j]!;
    }
    const residual = this.#whole?.centre.residual ?? columnMeans({ data: centred, rows, cols });
    for (let j = 0; j < cols; j++) {
      if (this.isConstantColumn(j)) {
        for (let k = j; k < centred.length; k += cols) centred[k] = 0;
      } else if (residual[j] !== 0) {
        for (let k = j; k < centred.length; k += cols) centred[k] = centred[k]! - residual[j]!;
      }
    }
    return centred;
  }

  #scaleForDifferences(): { data: Float32Array | Float64Array; exponent: number } {
    const { data } = this.matrix;
    const exponent = unitOfDifferences(this);
    if (exponent === 0) return { data, exponent };
    // A constant column may be so large beside the spread that scaling it overflows; it adds nothing to a distance.
    const scaled = Float64Array.from(data, (x, k) =>
      this.isConstantColumn(k % this.cols) ? 0 : timesPowerOfTwo(x, -exponent),
    );
    return { data: scaled, exponent };
  }
}

/** The exponent of the unit in which differences of rows square safely; 0 unless the spread is extreme. */
export function unitOfDifferences({ spread }: WholeEmbedding): number {
  if (spread === 0 || isSafeSumOfSquares(spread * spread)) return 0;
  // A spread past the largest float64 is still below 2^1025.
  return Number.isFinite(spread) ? exponentOf(spread) : 1024;
}

/** Throws `InputError` E208 where a matrix has no rows or no columns. */
export function checkShape(role: string, rows: number, cols: number): void {
  if (rows >= 1 && cols >= 1) return;
  throw new InputError('E208', `${role} has ${rows} rows and ${cols} dimensions`, {
    fields: { argument: role, rows, dims: cols },
  });
}

/** Throws `InputError` E207 naming row and column of the first NaN or Inf; the first row given is `firstRow`. */
export function refuseNonFinite(role: string, { data, cols }: Matrix, firstRow = 0): void {
  const at = firstNonFinite(data);
  if (at < 0) return;
  const value = data[at]!;
  const [row, column] = [firstRow + Math.floor(at / cols), at % cols];
  throw new InputError('E207', nonFiniteText, {
    fields: { argument: role, row, column, value: String(value) } satisfies NonFinite,
  });
}

/** The mean over dimensions of the population variance (ddof 0); exactly 0 for one row. Infinity if it overflows. */
export function meanVariancePerDim(embedding: WholeEmbedding): number {
  const { rows, cols } = embedding;
  if (embedding.spread === 0) return 0;
  const direct = sumOf(embedding.columnMoments.squares);
  if (isSafeSumOfSquares(direct)) return direct / rows / cols;
  if (!Number.isFinite(embedding.spread)) return Number.POSITIVE_INFINITY;
  const exponent = exponentOf(embedding.spread);
  return timesPowerOfTwo(embedding.fold(SPREAD_SQUARES) / rows / cols, 2 * exponent);
}

/** Σ of the squares of the centred matrix in units of the spread. */
const SPREAD_SQUARES: RowFold<Embedding, number> = {
  part: (block) => {
    const exponent = exponentOf(block.spread);
    return sumOfSquares(eachTimesPowerOfTwo(block.centred, -exponent));
  },
  join: (a, b) => a + b,
};

/** Σ x, carrying its rounding. */
export function sumOf(x: Float64Array): number {
  const total = new RunningSum();
  for (const value of x) total.add(value);
  return total.value;
}

/** Σ x², in blocks whose sums carry their rounding. */
export function sumOfSquares(x: Float64Array): number {
  const total = new RunningSum();
  const block = 1024;
  for (let start = 0; start < x.length; start += block) {
    let sum = 0;
    const end = Math.min(start + block, x.length);
    for (let k = start; k < end; k++) sum += x[k]! * x[k]!;
    total.add(sum);
  }
  return total.value;
}
