import fc from 'fast-check';
import type { Matrix } from '../../src/core/matrix.js';
import { type MetricId } from '../../src/metrics/ids.js';
export type Values = Record<MetricId, number>;
export interface Pair {
  readonly prediction: Matrix;
  readonly target: Matrix;
}
export declare function matrixOf(rows: readonly (readonly number[])[]): Matrix;
export declare function filled(
  rows: number,
  cols: number,
  value: number | ((i: number, j: number) => number),
): Matrix;
/** Every entry replaced by `change(value, row, column)`. */
export declare function mapped(
  { data, rows, cols }: Matrix,
  change: (x: number, i: number, j: number) => number,
): Matrix;
export declare function measure({ prediction, target }: Pair, klFrom?: 'target' | 'prediction'): Values;
export declare function expectAllClose(actual: Values, expected: Values, ids?: readonly MetricId[]): void;
/**
 * Sixteenths in [-8, 8]: ties, zeros and constants are common, and shifting or float32 rounds nothing,
 * so that what a property compares differs by the arithmetic under test alone.
 */
export declare function sixteenths(minRows?: number): fc.Arbitrary<Pair>;
/** Any doubles up to `limit`; below `limit` / 1e80 they are 0. */
export declare function doubles(limit: number, minRows?: number): fc.Arbitrary<Pair>;
