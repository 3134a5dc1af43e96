/**
 * A row-major matrix view: `data[i * cols + j]` is row i (sample), column j (dimension).
 * `data` holds exactly `rows * cols` elements; float32 stays float32, everything else is float64.
 * Metrics read it and never write to it.
 */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly cols: number;
}
