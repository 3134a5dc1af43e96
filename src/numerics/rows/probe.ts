import { currentKernels } from '#kernels/choose-kernels.js';
import { gathered } from '../matrix/gather-rows.js';
import type { Matrix } from '../matrix/matrix.js';
import { DIFFERENCE_FORM } from '../matrix/scaled-values.js';
import type { Batch, Side, StepDerived } from '../matrix/step-view.js';
import { columnMeans } from '../matrix/survey.js';
import { randomRows } from '../random/random-rows.js';
import { classesOf } from './classes.js';

/** Of more rows as many are drawn. */
const MOST_ROWS = 4096;
const [ROWS_STREAM, HALF_STREAM] = [8, 9];
/** Of the mean variance of a dimension. */
const PENALTY = 0.01;
const MOST_CLASSES = 256;
const FEWEST_ROWS = 8;

const PROBED = gathered('rows that are probed', ({ rows, sampling }) =>
  randomRows(Math.min(MOST_ROWS, rows), rows, sampling.seed, ROWS_STREAM),
);

/**
 * R² on one half of the rows of a ridge that was fitted to the other half (⌈M/2⌉ random ones of M): a mean over factors
 * of 1 − Σ(y − ŷ)²/Σ(y − ȳ)², ȳ of the half that is predicted, factors that are constant there left out; of classes
 * both sums are over all their indicators. Weights minimise Σ(y − ŷ)² + 0.01 Σ‖x − x̄‖²/D ‖w‖², the intercept is free.
 * A reason where there is none.
 */
export function probeR2(side: Side): StepDerived<number | string> {
  const missing = ({ label, rows }: Batch): string | null => {
    if (label === null) return 'needs a label of each row';
    if (rows < FEWEST_ROWS) return `needs ${FEWEST_ROWS} rows`;
    const classes = classesOf(label);
    if (classes === null) return null;
    if (classes.count < 2) return 'all rows have one label';
    return classes.count > MOST_CLASSES ? `there are more than ${MOST_CLASSES} classes` : null;
  };
  return {
    name: 'R² of a probe',
    reads: [side],
    needs: {},
    alsoNeeds: (batch) => (missing(batch) === null ? { [side]: [PROBED.places, PROBED.rows] } : {}),
    from: (batch) => {
      const reason = missing(batch);
      if (reason !== null) return reason;
      const view = batch[side]!;
      const places = view.get(PROBED.places);
      const rows = view.get(PROBED.rows);
      const x = { data: rows.own(DIFFERENCE_FORM).data, rows: rows.rows, cols: rows.cols };
      const classes = classesOf(batch.label!);
      const y =
        classes === null ? factorsAt(batch.label!, places) : indicators(classes.of, classes.count, places);
      const fitted = randomRows(Math.ceil(rows.rows / 2), rows.rows, view.sampling.seed, HALF_STREAM);
      return r2(x, y, fitted, classes === null);
    },
  };
}

function factorsAt({ data, cols }: Matrix, places: Float64Array): Matrix {
  const out = new Float64Array(places.length * cols);
  for (const [i, place] of places.entries())
    out.set(data.subarray(place * cols, (place + 1) * cols), i * cols);
  return { data: out, rows: places.length, cols };
}

function indicators(classes: Uint32Array, count: number, places: Float64Array): Matrix {
  const out = new Float64Array(places.length * count);
  for (const [i, place] of places.entries()) out[i * count + classes[place]!] = 1;
  return { data: out, rows: places.length, cols: count };
}

function r2(asked: Matrix, y: Matrix, fitted: Float64Array, byFactor: boolean): number | string {
  const isFitted = new Uint8Array(asked.rows);
  for (const row of fitted) isFitted[row] = 1;
  const others = Float64Array.from(isFitted.keys()).filter((row) => isFitted[row] === 0);
  // Differences from a row are exact where an offset would cost digits.
  const from = at(asked, fitted.subarray(0, 1)).data;
  const x = about(asked, Float64Array.from(from));
  const meanX = columnMeans(at(x, fitted));
  const meanY = columnMeans(at(y, fitted));
  const weights = ridge(about(at(x, fitted), meanX), about(at(y, fitted), meanY));
  const [testX, testY] = [about(at(x, others), meanX), at(y, others)];
  const testMean = columnMeans(testY);
  const missed = new Float64Array(y.cols);
  const whole = new Float64Array(y.cols);
  const guess = new Float64Array(y.cols);
  for (let i = 0; i < testX.rows; i++) {
    guess.set(meanY);
    for (let j = 0; j < x.cols; j++) {
      const value = testX.data[i * x.cols + j]!;
      for (let k = 0; k < y.cols; k++) guess[k] = guess[k]! + value * weights[j * y.cols + k]!;
    }
    for (let k = 0; k < y.cols; k++) {
      const real = testY.data[i * y.cols + k]!;
      missed[k] = missed[k]! + (real - guess[k]!) ** 2;
      whole[k] = whole[k]! + (real - testMean[k]!) ** 2;
    }
  }
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  if (sum(whole) === 0) return 'the half that is predicted has one label';
  if (!byFactor) return 1 - sum(missed) / sum(whole);
  const known = Array.from(whole.keys()).filter((k) => whole[k]! > 0);
  return known.reduce((all, k) => all + (1 - missed[k]! / whole[k]!), 0) / known.length;
}

/** Weights [D, K] of centred rows; by the Gram matrix of the rows or that of the columns, whichever is smaller. */
function ridge(x: Matrix, y: Matrix): Float64Array {
  const { rows, cols } = x;
  const data = x.data;
  const order = Math.min(rows, cols);
  const kernels = currentKernels();
  const gram = new Float64Array(order * order);
  if (rows <= cols) kernels.gram(data, rows, cols, gram);
  else kernels.gramOfColumns(data, rows, cols, gram);
  let trace = 0;
  for (let i = 0; i < order; i++) trace += gram[i * order + i]!;
  // Equal rows have weights of 0, whatever stands for the penalty.
  const penalty = trace > 0 ? (PENALTY * trace) / cols : 1;
  for (let i = 0; i < order; i++) gram[i * order + i] = gram[i * order + i]! + penalty;
  kernels.cholesky(gram, order);
  if (rows <= cols)
    return transposedProduct(x, solved(gram, order, Float64Array.from(y.data), y.cols), y.cols);
  return solved(gram, order, transposedProduct(x, y.data, y.cols), y.cols);
}

/** Xᵀ B of [rows, cols] and [rows, K]. */
function transposedProduct({ data, rows, cols }: Matrix, b: Matrix['data'], k: number): Float64Array {
  const out = new Float64Array(cols * k);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = data[i * cols + j]!;
      for (let c = 0; c < k; c++) out[j * k + c] = out[j * k + c]! + value * b[i * k + c]!;
    }
  }
  return out;
}

/** Solves L Lᵀ Z = B for [n, K] in place, L in the lower triangle. */
function solved(factor: Float64Array, n: number, b: Float64Array, k: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) subtract(b, i, j, factor[i * n + j]!, k);
    for (let c = 0; c < k; c++) b[i * k + c] = b[i * k + c]! / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < k; c++) b[i * k + c] = b[i * k + c]! / factor[i * n + i]!;
    for (let j = 0; j < i; j++) subtract(b, j, i, factor[i * n + j]!, k);
  }
  return b;
}

function subtract(b: Float64Array, i: number, j: number, factor: number, k: number): void {
  for (let c = 0; c < k; c++) b[i * k + c] = b[i * k + c]! - factor * b[j * k + c]!;
}

function at({ data, cols }: Matrix, rows: Float64Array): Matrix {
  const out = new Float64Array(rows.length * cols);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return { data: out, rows: rows.length, cols };
}

function about({ data, rows, cols }: Matrix, mean: Float64Array): Matrix {
  return { data: Float64Array.from(data, (x, k) => x - mean[k % cols]!), rows, cols };
}
