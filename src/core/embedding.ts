import { InputError } from '../errors.js';
import type { Centre } from '../kernels/kernels.js';
import { type ColumnMoments, type ColumnSurvey, columnMoments, surveyColumns } from './column-moments.js';
import { firstNonFinite } from './first-non-finite.js';
import type { Matrix } from './matrix.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';
import { RunningSum } from './running-sum.js';

/** A sum of squares in this range has lost nothing to over- or underflow that a float64 could show. */
const SAFE_SQUARES_MIN = 1e-250;
const SAFE_SQUARES_MAX = 1e250;

export function isSafeSumOfSquares(s: number): boolean {
  return s > SAFE_SQUARES_MIN && s < SAFE_SQUARES_MAX;
}

/**
 * One checked matrix of a batch with what several metrics need of it, computed at most once.
 * Everything is float64 whatever the matrix holds, and two-pass: columns are centred before anything is squared.
 */
export class Embedding {
  readonly role: string;
  readonly matrix: Matrix;
  readonly rows: number;
  readonly cols: number;
  readonly #columns: ColumnSurvey;
  #columnMoments: ColumnMoments | undefined;
  #centred: Float64Array | undefined;
  #spread: number | undefined;
  #differenceForm: { data: Float32Array | Float64Array; exponent: number } | undefined;
  readonly #shared = new Map<(embedding: Embedding) => unknown, unknown>();

  /** Throws `InputError` E208 for no rows or no columns, E207 naming row and column of the first NaN or Inf. */
  constructor(role: string, matrix: Matrix) {
    const { data, rows, cols } = matrix;
    if (rows < 1 || cols < 1) {
      throw new InputError('E208', `${role} has ${rows} rows and ${cols} dimensions`, {
        fields: { argument: role, rows, dims: cols },
      });
    }
    if (data.length !== rows * cols) {
      throw new InputError('E203', `${role} holds ${data.length} values, its shape says ${rows * cols}`, {
        fields: { argument: role, expected: rows * cols, actual: data.length },
      });
    }
    this.role = role;
    this.matrix = matrix;
    this.rows = rows;
    this.cols = cols;
    this.#columns = surveyColumns(matrix);
    if (!this.#columns.surelyFinite) refuseNonFinite(role, matrix);
  }

  /** True where the column's smallest value equals its largest: it centres to exactly 0. */
  isConstantColumn(j: number): boolean {
    return this.#columns.min[j] === this.#columns.max[j];
  }

  /** The smallest and largest value of a column. */
  columnExtent(j: number): { min: number; max: number } {
    return { min: this.#columns.min[j]!, max: this.#columns.max[j]! };
  }

  /** The smallest and largest value of the whole matrix. */
  get extent(): { min: number; max: number } {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < this.cols; j++) {
      min = Math.min(min, this.#columns.min[j]!);
      max = Math.max(max, this.#columns.max[j]!);
    }
    return { min, max };
  }

  /** The largest max − min of any column; 0 only if every column is constant, Infinity if it overflows. */
  get spread(): number {
    if (this.#spread === undefined) {
      let spread = 0;
      for (let j = 0; j < this.cols; j++)
        spread = Math.max(spread, this.#columns.max[j]! - this.#columns.min[j]!);
      this.#spread = spread;
    }
    return this.#spread;
  }

  /** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
  get columnMeans(): Float64Array {
    return this.#columns.means;
  }

  /** The rounding of the column means and the second moments about them, [cols] each. */
  get columnMoments(): ColumnMoments {
    this.#columnMoments ??= columnMoments(this.matrix, this.columnMeans);
    return this.#columnMoments;
  }

  /** What centring takes from every row, without a centred copy. */
  get centre(): Centre {
    return { mean: this.columnMeans, residual: this.columnMoments.residual };
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

  /** What `derive` makes of this matrix, computed for the first metric that asks; `derive` itself is the key. */
  shared<T>(derive: (embedding: Embedding) => T): T {
    if (!this.#shared.has(derive)) this.#shared.set(derive, derive(this));
    return this.#shared.get(derive) as T;
  }

  #centre(): Float64Array {
    const { data, rows, cols } = this.matrix;
    const means = this.columnMeans;
    const centred = new Float64Array(rows * cols);
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, k++) centred[k] = data[k]! - means[j]!;
    }
    const residual = surveyColumns({ data: centred, rows, cols }).means;
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
    const squared = this.spread * this.spread;
    if (this.spread === 0 || isSafeSumOfSquares(squared)) {
      return { data, exponent: 0 };
    }
    // A spread past the largest float64 is still below 2^1025.
    const exponent = Number.isFinite(this.spread) ? exponentOf(this.spread) : 1024;
    // A constant column may be so large beside the spread that scaling it overflows; it adds nothing to a distance.
    const scaled = Float64Array.from(data, (x, k) =>
      this.isConstantColumn(k % this.cols) ? 0 : timesPowerOfTwo(x, -exponent),
    );
    return { data: scaled, exponent };
  }
}

function refuseNonFinite(role: string, { data, cols }: Matrix): void {
  const at = firstNonFinite(data);
  if (at < 0) return;
  const value = data[at]!;
  const [row, column] = [Math.floor(at / cols), at % cols];
  throw new InputError('E207', `${role} has ${nameOf(value)} at row ${row}, column ${column}`, {
    fields: { argument: role, row, column, value: String(value) },
  });
}

function nameOf(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  return x > 0 ? 'Inf' : '-Inf';
}

/** The mean over dimensions of the population variance (ddof 0); exactly 0 for one row. Infinity if it overflows. */
export function meanVariancePerDim(embedding: Embedding): number {
  const { rows, cols } = embedding;
  if (embedding.spread === 0) return 0;
  const direct = sumOf(embedding.columnMoments.squares);
  if (isSafeSumOfSquares(direct)) return direct / rows / cols;
  if (!Number.isFinite(embedding.spread)) return Number.POSITIVE_INFINITY;
  const exponent = exponentOf(embedding.spread);
  const scaled = embedding.centred.map((x) => timesPowerOfTwo(x, -exponent));
  return timesPowerOfTwo(sumOfSquares(scaled) / rows / cols, 2 * exponent);
}

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
