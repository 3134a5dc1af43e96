/**
 * The hot loops behind one interface. Every build must agree with the serial one to 1e-13 relative.
 * Matrices are row-major float64, finite, and scaled so that no square over- or underflows.
 */
export interface Kernels {
  readonly name: string;

  /** Σ over i < j of ‖x_i − x_j‖₂, by differences: exactly 0 where all rows are equal. `x` is [rows, cols]. */
  sumPairwiseDistances(x: Float64Array, rows: number, cols: number): number;

  /** The lower triangle (diagonal included) of X Xᵀ into `out`, row-major [rows, rows]; the rest of `out` is left alone. */
  gram(x: Float64Array, rows: number, cols: number, out: Float64Array): void;

  /**
   * Replaces the lower triangle of the symmetric [n, n] matrix `a` by its Cholesky factor.
   * Returns false, with `a` spoiled, at the first pivot that is not above 0.
   */
  cholesky(a: Float64Array, n: number): boolean;

  /**
   * The eigenvalues of the symmetric [n, n] matrix `a`, ascending, [n]; absolute error a few ulps of the largest.
   * Only the lower triangle (row-major) is read, and `a` is spoiled.
   */
  symmetricEigenvalues(a: Float64Array, n: number): Float64Array;
}
