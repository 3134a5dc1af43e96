import fc from 'fast-check';
import { CORE_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { expectClose } from '../tolerances.js';

export type CoreId = (typeof CORE_METRIC_IDS)[number];
export type Values = Record<CoreId, number>;

export interface Pair {
  readonly prediction: Matrix;
  readonly target: Matrix;
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float64Array.from(rows.flat()), rows: rows.length, cols: rows[0]?.length ?? 0 };
}

export function filled(
  rows: number,
  cols: number,
  value: number | ((i: number, j: number) => number),
): Matrix {
  const at = typeof value === 'number' ? () => value : value;
  const data = Float64Array.from({ length: rows * cols }, (_, k) => at(Math.floor(k / cols), k % cols));
  return { data, rows, cols };
}

/** Every entry replaced by `change(value, row, column)`. */
export function mapped(
  { data, rows, cols }: Matrix,
  change: (x: number, i: number, j: number) => number,
): Matrix {
  return filled(rows, cols, (i, j) => change(data[i * cols + j]!, i, j));
}

export function measure({ prediction, target }: Pair, klFrom: 'target' | 'prediction' = 'target'): Values {
  return computeMetrics(createBatch({ prediction, target, klReg: 'computed', klFrom }), CORE_METRIC_IDS)
    .metrics as Values;
}

export function expectAllClose(
  actual: Values,
  expected: Values,
  ids: readonly CoreId[] = CORE_METRIC_IDS,
): void {
  for (const id of ids) expectClose(actual[id], expected[id], id);
}

function pairsOf(entry: fc.Arbitrary<number>, minRows: number): fc.Arbitrary<Pair> {
  return fc
    .record({ rows: fc.integer({ min: minRows, max: 18 }), cols: fc.integer({ min: 1, max: 9 }) })
    .chain(({ rows, cols }) => {
      const size = { minLength: rows * cols, maxLength: rows * cols };
      const matrix = fc
        .array(entry, size)
        .map((values): Matrix => ({ data: Float64Array.from(values), rows, cols }));
      return fc.record({ prediction: matrix, target: matrix });
    });
}

/**
 * Sixteenths in [-8, 8]: ties, zeros and constants are common, and shifting or float32 rounds nothing,
 * so that what a property compares differs by the arithmetic under test alone.
 */
export function sixteenths(minRows = 1): fc.Arbitrary<Pair> {
  return pairsOf(
    fc.integer({ min: -128, max: 128 }).map((k) => k / 16),
    minRows,
  );
}

/** Any doubles up to `limit`; below `limit` / 1e80 they are 0. */
export function doubles(limit: number, minRows = 1): fc.Arbitrary<Pair> {
  const entry = fc.double({ min: -limit, max: limit, noNaN: true });
  return pairsOf(
    entry.map((x) => (Math.abs(x) < limit / 1e80 ? 0 : x)),
    minRows,
  );
}
