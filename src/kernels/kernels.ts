/** What is taken from every row of a matrix before anything else: (x − mean) − residual, [cols] each. */
export interface Centre {
  readonly mean: Float64Array;
  /** What rounding the mean left out. */
  readonly residual: Float64Array;
}

/** Of each column, [cols]. */
export interface ColumnSurvey {
  /** Σ (x − the first row's entry). Finite only where every entry is; not finite also where the sum overflows. */
  readonly sums: Float64Array;
  /** The smallest and the largest entry, of 0 and -0 the first; they mean something where all entries are finite. */
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Of each column, [cols]. */
export interface MomentSums {
  /** Σ (x − mean): what the mean's rounding leaves. */
  readonly sums: Float64Array;
  /** Σ (x − mean)². */
  readonly squares: Float64Array;
}

/** Two matrices of one shape. */
export interface MatrixPair {
  readonly x: Float32Array | Float64Array;
  readonly y: Float32Array | Float64Array;
  readonly rows: number;
  readonly cols: number;
}

/** Rows of two matrices of one width. */
export interface RowSets {
  readonly x: Float32Array | Float64Array;
  readonly xRows: number;
  readonly y: Float32Array | Float64Array;
  readonly yRows: number;
  readonly cols: number;
}

/** Of each row, what products with it are compared with: sums of two, one of either row, and for `room` products. */
export interface Bounds {
  readonly least: Float32Array;
  readonly most: Float32Array;
  readonly room: Float32Array;
}

/** How g_ij = s² (x_i − mean)·(y_j − mean), s = `scale`, is compared; no row times s may be longer than 1. */
export interface Comparison {
  readonly mean: Float64Array;
  /** A power of two. */
  readonly scale: number;
  readonly ofX: Bounds;
  readonly ofY: Bounds;
}

export interface Compared {
  /** Of each x_i, for how many y_j g_ij − most_j − room_i room_j > most_i; [xRows]. */
  readonly above: Uint32Array;
  /** Bit j % 32 of word ⌊j/32⌋ of row i: neither that nor g_ij − least_j + room_i room_j < least_i; [xRows, ⌈yRows/32⌉]. */
  readonly open: Uint32Array;
}

/** Rows that are each stretched, and moved along one direction: row i is α_i (x_i − γ_i c) + β_i c. */
export interface AffineRows {
  readonly x: Float32Array | Float64Array;
  readonly rows: number;
  readonly cols: number;
  /** c, [cols]. */
  readonly centre: Float64Array;
  /** γ, α and β of each row, [rows, 3]. */
  readonly factors: Float64Array;
}

/** Vectors that rows are projected on. One object always has the same ones: what is made of them may be kept. */
export interface Directions {
  readonly count: number;
  /** Those from number `from`, a multiple of 4, on; [count, cols], good until the next call. */
  draw(from: number, count: number): Float64Array;
}

export interface ProjectedRows {
  /** [rows, cols] of any size. */
  readonly x: Float32Array | Float64Array;
  readonly rows: number;
  readonly cols: number;
  readonly directions: Directions;
  /** θ is a projection times this. */
  readonly step: number;
  /** The largest |projection| that has an angle; times `step` at most 2^25. */
  readonly limit: number;
}

/** What is wanted of pairs of rows beside their distances; who asks makes it, and what is found is written to it. */
export interface PairTerms {
  /** [rows], becomes of each row the least squared distance from another, Infinity where there is none. */
  readonly nearest: Float64Array;
  readonly repulsion: Repulsion | null;
}

/**
 * Σ over i < j of expm1(−2 a_ij/(l_i l_j)), a_ij = ‖x_i − x_j‖² − (l_i − l_j)²: of rows of length l, a_ij/(l_i l_j) is
 * the squared distance of their directions.
 */
export interface Repulsion {
  /** l, [rows]. */
  readonly lengths: Float64Array;
  /**
   * A pair is left open unless a_ij is at least `share` of the larger of `size` and s_i + s_j, the squares of the rows
   * less their centre.
   */
  readonly share: number;
  readonly size: number;
  /** Of the pairs that are not left open. */
  sum: number;
  /** Rows i and j of each open pair, ascending, [·, 2]; null where they are too many to be told. */
  open: Uint32Array | null;
}

/** Rows of any size, to be projected on `count` vectors of normals: number i · cols + j is entry j of vector i. */
export interface NormalProjections {
  readonly x: Float32Array | Float64Array;
  /** Further matrices of that shape, whose rows are projected after it on the same vectors. */
  readonly others?: readonly (Float32Array | Float64Array)[];
  readonly rows: number;
  readonly cols: number;
  readonly count: number;
  readonly seed: number;
}

/** Multiples of an angle whose cosines and sines are summed. */
export const MULTIPLES = 16;

/** Over rows, of each direction: Σ cos kθ and Σ sin kθ for k = 1 … 16; [directions, 16]. */
export interface PhaseSums {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** A symmetric matrix, whose entries are first taken times a power of two. */
export interface SymmetricMatrix {
  /** [n, n] row-major, of which the lower triangle is read. */
  readonly data: Float64Array;
  /** 1 unless given. */
  readonly scale?: number;
  /** [n], what stands before its first column and, after a 0, above its first row. */
  readonly border?: Float64Array | undefined;
}

/** [[0, Aᵀ], [A, 0]] of a lower triangular A [n, n]: its 2n eigenvalues are the singular values of A and their negatives. */
export interface DoubledMatrix {
  /** A [n, n] row-major; nothing above its diagonal is read. */
  readonly lower: Float64Array;
  /** 1 unless given. */
  readonly scale?: number;
}

/** A symmetric tridiagonal matrix of n rows. */
export interface Tridiagonal {
  /** [n]. */
  readonly diagonal: Float64Array;
  /** [n − 1]. */
  readonly off: Float64Array;
  /** The largest entry of what it was reduced from, nearly: an off-diagonal entry of 2⁻⁶⁰ of it is nothing. */
  readonly size: number;
}

/**
 * The hot loops behind one interface. Every build must agree with the serial one to 1e-13 relative.
 * Matrices are row-major, and unless a method says otherwise finite and scaled so that no square over- or underflows.
 * Arithmetic is float64.
 */
export interface Kernels {
  readonly name: string;

  /** Looks once at every entry, which may be of any size and need not be finite; sums rows in blocks. */
  surveyColumns(x: Float32Array | Float64Array, rows: number, cols: number): ColumnSurvey;

  /** Sums each column about `mean` [cols], rows in blocks. Where squares over- or underflow, so do their sums. */
  columnMoments(x: Float32Array | Float64Array, rows: number, cols: number, mean: Float64Array): MomentSums;

  /** Sums (x − xMean)(y − yMean) over each column, [cols], rows in blocks. */
  columnProducts(pair: MatrixPair, xMean: Float64Array, yMean: Float64Array): Float64Array;

  /** Takes of each pair of rows, less their centres where given: ‖x‖², ‖y‖², x·y, ‖x − y‖²; [rows, 4]. */
  rowPairSums(pair: MatrixPair, xCentre?: Centre, yCentre?: Centre): Float64Array;

  /**
   * Takes of each row: ‖x‖², ‖x − centre‖² and (x − centre)·centre; [rows, 3]. Entries may be of any size: a sum that
   * is not finite has overflowed.
   */
  rowSums(x: Float32Array | Float64Array, rows: number, cols: number, centre: Float64Array): Float64Array;

  /** Does what `columnMoments` does with the rows that `affine` describes. */
  affineMoments(affine: AffineRows, mean: Float64Array): MomentSums;

  /**
   * Sums ‖x_i − x_j‖₂ over i < j of `x` [rows, cols]: exactly 0 where all rows are equal, or there is but one. `centre`
   * lies among the rows; a caller that knows it saves the time to find it. `terms` come from the same products, and
   * change no bit of the sum.
   */
  sumPairwiseDistances(
    x: Float32Array | Float64Array,
    rows: number,
    cols: number,
    centre?: Centre,
    terms?: PairTerms,
  ): number;

  /**
   * Writes the lower triangle (diagonal included) of X Xᵀ, X being `x` [rows, cols] less `centre`, into `out`,
   * row-major [rows, rows]; the rest of `out` stays as it is.
   */
  gram(x: Float32Array | Float64Array, rows: number, cols: number, out: Float64Array, centre?: Centre): void;

  /**
   * Does what `gram` does, and returns what `sumPairwiseDistances` with the same centre does, to the last bit, where
   * that comes from the same products; else null, and `terms` stay as they are.
   */
  gramAndDistances(
    x: Float32Array | Float64Array,
    rows: number,
    cols: number,
    out: Float64Array,
    centre: Centre,
    terms?: PairTerms,
  ): number | null;

  /** Writes the lower triangle of Xᵀ X in the same way: `out` is [cols, cols]. */
  gramOfColumns(
    x: Float32Array | Float64Array,
    rows: number,
    cols: number,
    out: Float64Array,
    centre?: Centre,
  ): void;

  /**
   * Writes X Yᵀ into `out` [xRows, yRows], row-major; `mean` [cols], where given, is first taken from every row of
   * both. Each product is summed in the order of the columns whatever stands beside it, so that equal rows give equal
   * bits.
   */
  rowProducts(sets: RowSets, out: Float64Array, mean?: Float64Array): void;

  /**
   * Compares X Yᵀ with bounds, in float32: g_ij may be off by (SLAB + cols/SLAB + 4) 2⁻²⁴ of the product of both lengths,
   * and 2⁻¹⁴⁰ cols.
   */
  compareProducts(sets: RowSets, comparison: Comparison): Compared;

  /**
   * Writes the normals from number `from` on to all of `out`, as `normals.ts` defines them; cosines and logarithms are
   * within an ulp or two of those of the engine.
   */
  fillWithNormals(out: Float64Array, seed: number, from: number): void;

  /** Computes of each vector v its product with every row of every matrix, and behind them ‖v‖²; no vector is kept. */
  projectOnNormals(projected: NormalProjections): Float64Array;

  /** Projects rows on directions and sums the phases; NaN for a direction with a projection past `limit`. */
  phaseSums(projected: ProjectedRows): PhaseSums;

  /**
   * Replaces the lower triangle of the symmetric [n, n] matrix `a` by its Cholesky factor.
   * Returns false, with `a` spoiled, at the first pivot that is not above 0.
   */
  cholesky(a: Float64Array, n: number): boolean;

  /**
   * Computes the diagonal [n] of the Cholesky factor of A / `divisor` + `shift`·I, the lower triangle of A [n, n]
   * being in `a`, which stays as it is; null at the first pivot that is not above 0.
   */
  choleskyDiagonal(a: Float64Array, n: number, divisor: number, shift: number): Float64Array | null;

  /**
   * Takes the Householder QR of `count` columns, stored one after the other in `a`, `height` entries each, of which
   * column j is 0 below entry height − count + j. R takes the place of entries 0 … j of column j, its diagonal of
   * either sign; what is below is spoiled.
   */
  qrFactor(a: Float64Array, count: number, height: number): void;

  /**
   * Reduces symmetric [n, n] matrices to tridiagonal ones with the same eigenvalues, each within about 1e-14 of the
   * largest, and leaves them as they are: threads may take one each. All of them have a border, or none: it takes no
   * part but as the first off-diagonal entry, ± its length, and the rest is the matrix in a basis that begins with its
   * direction; the first diagonal entry is then 0, and the order n + 1. Doubled matrices come by themselves.
   */
  tridiagonalsOf(matrices: readonly (SymmetricMatrix | DoubledMatrix)[], n: number): Tridiagonal[];

  /**
   * Computes the eigenvalues of each, ascending; what a matrix has does not depend on the others. Throws RangeError
   * where an entry is not a number.
   */
  tridiagonalEigenvalues(matrices: readonly Tridiagonal[]): Float64Array[];
}
