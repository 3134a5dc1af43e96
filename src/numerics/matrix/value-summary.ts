import type { Matrix } from './matrix.js';

export interface ValueRange {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface ValueSummary {
  /** Rows without NaN and Inf: every statistic below is of these. */
  readonly finiteRows: number;
  readonly nonFinite: {
    readonly nan: number;
    readonly infinite: number;
    readonly first: { readonly row: number; readonly column: number } | null;
  };
  /** null without a finite row, as all the following. */
  readonly elements: ValueRange | null;
  /** Euclidean norms. */
  readonly rowNorms: ValueRange | null;
  /** Population variance (ddof 0), two-pass in float64. */
  readonly variancePerDim: ValueRange | null;
  /** Columns whose smallest value equals their largest. */
  readonly constantDims: number | null;
}

/**
 * What a matrix holds, for a person to look at, NaN and Inf included: [[3, 4], [0, 0]] has norms from 0 to 5 and
 * variances 2.25 and 4. A range with a number beyond float64 is null.
 */
export function summariseValues({ data, rows, cols }: Matrix): ValueSummary {
  const nonFinite = { nan: 0, infinite: 0, first: null as { row: number; column: number } | null };
  const finite = new Uint8Array(rows);
  const sums = new Float64Array(cols);
  const low = new Float64Array(cols).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(cols).fill(Number.NEGATIVE_INFINITY);
  const norms = new Range();
  let finiteRows = 0;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    if (!tellNonFinite(row, i, nonFinite)) continue;
    finite[i] = 1;
    finiteRows++;
    norms.add(normOf(row));
    for (let j = 0; j < cols; j++) {
      const x = row[j]!;
      sums[j]! += x;
      if (x < low[j]!) low[j] = x;
      if (x > high[j]!) high[j] = x;
    }
  }
  if (finiteRows === 0 || cols === 0) {
    const none = { elements: null, rowNorms: null, variancePerDim: null, constantDims: null };
    return { finiteRows, nonFinite, ...none };
  }
  const means = sums.map((sum) => sum / finiteRows);
  const squares = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    if (finite[i] === 0) continue;
    for (let j = 0, k = i * cols; j < cols; j++, k++) squares[j]! += (data[k]! - means[j]!) ** 2;
  }
  const elements = new Range();
  const variances = new Range();
  let constantDims = 0;
  for (let j = 0; j < cols; j++) {
    const constant = low[j] === high[j];
    if (constant) constantDims++;
    variances.add(constant ? 0 : squares[j]! / finiteRows);
    elements.add(means[j]!, low[j], high[j]);
  }
  return {
    finiteRows,
    nonFinite,
    elements: elements.result(),
    rowNorms: norms.result(),
    variancePerDim: variances.result(),
    constantDims,
  };
}

class Range {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(x: number, low = x, high = x): void {
    this.#count++;
    this.#sum += x;
    this.#min = Math.min(this.#min, low);
    this.#max = Math.max(this.#max, high);
  }

  result(): ValueRange | null {
    const range = { min: this.#min, mean: this.#sum / this.#count, max: this.#max };
    return Object.values(range).every(Number.isFinite) ? range : null;
  }
}

/** Counts what is not finite in a row; true where nothing is. */
function tellNonFinite(
  row: Float32Array | Float64Array,
  at: number,
  seen: { nan: number; infinite: number; first: { row: number; column: number } | null },
): boolean {
  let finite = true;
  for (let j = 0; j < row.length; j++) {
    const x = row[j]!;
    if (x - x === 0) continue;
    finite = false;
    seen.first ??= { row: at, column: j };
    if (Number.isNaN(x)) seen.nan++;
    else seen.infinite++;
  }
  return finite;
}

function normOf(row: Float32Array | Float64Array): number {
  let sum = 0;
  let largest = 0;
  for (const x of row) {
    sum += x * x;
    largest = Math.max(largest, Math.abs(x));
  }
  if ((sum > 1e-250 && sum < 1e250) || largest === 0) return Math.sqrt(sum);
  let scaled = 0;
  for (const x of row) scaled += (x / largest) ** 2;
  return largest * Math.sqrt(scaled);
}
