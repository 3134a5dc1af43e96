import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CORE_METRIC_IDS } from '#metrics/ids.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { expectClose, TOLERANCES } from '../tolerances.js';
import {
  type CoreId,
  doubles,
  expectAllClose,
  filled,
  mapped,
  measure,
  type Pair,
  sixteenths,
} from './matrices.js';

const VARIANCES = ['target_var_per_dim', 'pred_var_per_dim'] as const;
const LENGTHS = ['pred_l2_mean', 'pairwise_pred_dist_mean'] as const;
const COSINES = ['pred_cos_mean', 'pred_target_corr'] as const;

function both({ prediction, target }: Pair, change: (m: Matrix) => Matrix): Pair {
  return { prediction: change(prediction), target: change(target) };
}

/** The indices 0 … n − 1 in the order of the first n keys. */
function orderOf(keys: readonly number[], n: number): number[] {
  return Array.from({ length: n }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

function pickRows(m: Matrix, picked: readonly number[]): Matrix {
  return filled(picked.length, m.cols, (i, j) => m.data[picked[i]! * m.cols + j]!);
}

function pickColumns(m: Matrix, picked: readonly number[]): Matrix {
  return filled(m.rows, picked.length, (i, j) => m.data[i * m.cols + picked[j]!]!);
}

/** Every row x becomes x − 2 v (v·x)/(v·v). */
function reflected(m: Matrix, v: readonly number[]): Matrix {
  const axis = v.slice(0, m.cols);
  const vv = axis.reduce((sum, x) => sum + x * x, 0);
  const factors = Array.from(
    { length: m.rows },
    (_, i) => (2 * axis.reduce((sum, x, j) => sum + x * m.data[i * m.cols + j]!, 0)) / vv,
  );
  return mapped(m, (x, i, j) => x - factors[i]! * axis[j]!);
}

function columnMeans({ data, rows, cols }: Matrix): number[] {
  return Array.from({ length: cols }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * cols + j]!;
    return sum / rows;
  });
}

const keys = fc.array(fc.nat(), { minLength: 18, maxLength: 18 });
const axes = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 9, maxLength: 9 }), {
  minLength: 1,
  maxLength: 4,
});
/** Multiples of 1/16 up to 2^30: added to sixteenths in [-8, 8] they are exact. */
const offset = fc.integer({ min: -(2 ** 30), max: 2 ** 30 });

function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { numRuns: 150 });
}

describe('order', () => {
  it('of the rows does not matter', () => {
    holds(fc.tuple(sixteenths(), keys), ([pair, k]) => {
      const order = orderOf(k, pair.prediction.rows);
      expectAllClose(measure(both(pair, (m) => pickRows(m, order))), measure(pair));
    });
  });

  it('of the dimensions does not matter', () => {
    holds(fc.tuple(sixteenths(), keys), ([pair, k]) => {
      const order = orderOf(k, pair.prediction.cols);
      expectAllClose(measure(both(pair, (m) => pickColumns(m, order))), measure(pair));
    });
  });

  it('of the sides swaps the variances and leaves the rest', () => {
    holds(doubles(1e3), (pair) => {
      const a = measure(pair);
      const b = measure({ prediction: pair.target, target: pair.prediction }, 'prediction');
      for (const id of [...COSINES, 'pred_l2_mean', 'kl_reg'] as const) expect(b[id]).toBe(a[id]);
      expect(b.target_var_per_dim).toBe(a.pred_var_per_dim);
      expect(b.pred_var_per_dim).toBe(a.target_var_per_dim);
    });
  });
});

describe('geometry', () => {
  it('a rotation of both sides changes nothing but the flattened correlation', () => {
    const ids = CORE_METRIC_IDS.filter((id) => id !== 'pred_target_corr');
    holds(fc.tuple(sixteenths(), axes), ([pair, vs]) => {
      const rotated = both(pair, (m) => vs.reduce(reflected, m));
      expectAllClose(measure(rotated), measure(pair), ids);
    });
  });

  it('a power of two scales every length and variance exactly', () => {
    holds(fc.tuple(doubles(1e3), fc.integer({ min: -40, max: 40 })), ([pair, e]) => {
      const a = measure(pair);
      const b = measure(both(pair, (m) => mapped(m, (x) => x * 2 ** e)));
      for (const id of COSINES) expect(b[id]).toBe(a[id]);
      for (const id of LENGTHS) expect(b[id]).toBe(a[id] * 2 ** e);
      for (const id of VARIANCES) expect(b[id]).toBe(a[id] * 4 ** e);
    });
  });

  it('any other factor does so up to rounding', () => {
    const factor = fc.constantFrom(1 / 3, -0.1, 1e5, 1e-5, 7e120, 7e-120);
    holds(fc.tuple(sixteenths(), factor), ([pair, c]) => {
      const a = measure(pair);
      const b = measure(both(pair, (m) => mapped(m, (x) => x * c)));
      for (const id of COSINES) expectClose(b[id], a[id], id);
      for (const id of LENGTHS) expectClose(b[id], a[id] * Math.abs(c), id);
      for (const id of VARIANCES) expectClose(b[id], a[id] * c * c, id);
    });
  });

  it('separate factors leave cosine and correlation alone, up to their sign', () => {
    holds(fc.tuple(sixteenths(), fc.constantFrom(-3, 1e-140, 1e140)), ([pair, c]) => {
      const a = measure(pair);
      const b = measure({ ...pair, prediction: mapped(pair.prediction, (x) => x * c) });
      for (const id of COSINES) expectClose(b[id], Math.sign(c) * a[id], id);
    });
  });

  it('a shift of both sides leaves distances and variances alone', () => {
    const shifts = fc.array(offset, { minLength: 9, maxLength: 9 });
    holds(fc.tuple(sixteenths(), shifts), ([pair, s]) => {
      const shifted = both(pair, (m) => mapped(m, (x, _, j) => x + s[j]!));
      expectAllClose(measure(shifted), measure(pair), [...LENGTHS, ...VARIANCES]);
    });
  });

  it('one number added to each side leaves the correlation alone', () => {
    holds(fc.tuple(sixteenths(), offset, offset), ([{ prediction, target }, a, b]) => {
      const shifted = { prediction: mapped(prediction, (x) => x + a), target: mapped(target, (x) => x + b) };
      expectClose(
        measure(shifted).pred_target_corr,
        measure({ prediction, target }).pred_target_corr,
        'pred_target_corr',
      );
    });
  });

  it('a shift moves kl_reg by what it does to the squared mean', () => {
    const shifts = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 9, maxLength: 9 });
    holds(fc.tuple(sixteenths(), shifts), ([pair, s]) => {
      const shifted = both(pair, (m) => mapped(m, (x, _, j) => x + s[j]!));
      const moved = columnMeans(pair.target).reduce((sum, m, j) => sum + s[j]! * (2 * m + s[j]!), 0) / 2;
      expectClose(measure(shifted).kl_reg, measure(pair).kl_reg + moved, 'kl_reg');
    });
  });
});

describe('storage', () => {
  it('float32 and float64 of the same values give the same bits', () => {
    const narrow = (m: Matrix): Matrix => ({ ...m, data: Float32Array.from(m.data) });
    holds(sixteenths(), (pair) => {
      expect(measure(both(pair, narrow))).toEqual(measure(pair));
    });
  });

  it('nothing is written to the inputs', () => {
    holds(doubles(1e150), (pair) => {
      const before = both(pair, (m) => ({ ...m, data: m.data.slice() }));
      measure(pair);
      expect(pair).toEqual(before);
    });
  });
});

describe('special pairs', () => {
  const isConstant = ({ data }: Matrix) => data.every((x) => x === data[0]);
  const liveShare = ({ data, rows, cols }: Matrix) => {
    let live = 0;
    for (let i = 0; i < rows; i++) if (data.subarray(i * cols, (i + 1) * cols).some((x) => x !== 0)) live++;
    return live / rows;
  };

  it('prediction equal to target', () => {
    holds(fc.oneof(doubles(1e150), sixteenths()), ({ target }) => {
      const values = measure({ prediction: target, target });
      expect(values.pred_l2_mean).toBe(0);
      expect(values.pred_var_per_dim).toBe(values.target_var_per_dim);
      expectClose(values.pred_cos_mean, liveShare(target), 'pred_cos_mean');
      expectClose(values.pred_target_corr, isConstant(target) ? 0 : 1, 'pred_target_corr');
    });
  });

  it('prediction minus the target', () => {
    holds(fc.oneof(doubles(1e150), sixteenths()), ({ target }) => {
      const values = measure({ prediction: mapped(target, (x) => -x), target });
      expect(values.pred_var_per_dim).toBe(values.target_var_per_dim);
      expectClose(values.pred_cos_mean, -liveShare(target), 'pred_cos_mean');
      expectClose(values.pred_target_corr, isConstant(target) ? 0 : -1, 'pred_target_corr');
    });
  });

  it('a constant difference is its own length', () => {
    const step = fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 9, maxLength: 9 });
    holds(fc.tuple(sixteenths(), step), ([{ target }, s]) => {
      const values = measure({ prediction: mapped(target, (x, _, j) => x + s[j]!), target });
      expectClose(values.pred_l2_mean, Math.hypot(...s.slice(0, target.cols)), 'pred_l2_mean');
      expectClose(values.pred_var_per_dim, values.target_var_per_dim, 'pred_var_per_dim');
    });
  });

  it('the batch twice over: only distances between rows change, by 2(N − 1)/(2N − 1)', () => {
    const rest = CORE_METRIC_IDS.filter((id) => id !== 'pairwise_pred_dist_mean');
    holds(sixteenths(), (pair) => {
      const n = pair.prediction.rows;
      const twice = Array.from({ length: 2 * n }, (_, i) => i % n);
      const a = measure(pair);
      const b = measure(both(pair, (m) => pickRows(m, twice)));
      expectAllClose(b, a, rest);
      expectClose(
        b.pairwise_pred_dist_mean,
        (a.pairwise_pred_dist_mean * 2 * (n - 1)) / (2 * n - 1),
        'pairwise_pred_dist_mean',
      );
    });
  });

  it('a single row has no variance and no pairs', () => {
    holds(sixteenths(), (pair) => {
      const { cols } = pair.prediction;
      const values = measure(both(pair, (m) => pickRows(m, [0])));
      const apart = pair.prediction.data.slice(0, cols).map((x, j) => x - pair.target.data[j]!);
      expect(values).toMatchObject({
        target_var_per_dim: 0,
        pred_var_per_dim: 0,
        pairwise_pred_dist_mean: 0,
      });
      expectClose(values.pred_l2_mean, Math.hypot(...apart), 'pred_l2_mean');
    });
  });
});

describe('bounds', () => {
  it.each([1e-300, 1, 1e150])('hold for any doubles up to %s', (limit) => {
    holds(doubles(limit, 2), (pair) => {
      const v = measure(pair);
      for (const id of CORE_METRIC_IDS) expect(v[id], id).toSatisfy(Number.isFinite);
      for (const id of COSINES) expect(Math.abs(v[id]), id).toBeLessThanOrEqual(1);
      for (const id of [...LENGTHS, ...VARIANCES]) expect(v[id], id).toBeGreaterThanOrEqual(0);
    });
  });

  it('the mean distance is at most the root of the mean squared distance', () => {
    holds(doubles(1e3, 2), (pair) => {
      const { rows, cols } = pair.prediction;
      const v = measure(pair);
      const rootMeanSquare = Math.sqrt((2 * rows * cols * v.pred_var_per_dim) / (rows - 1));
      const { relative } = TOLERANCES.pairwise_pred_dist_mean;
      expect(v.pairwise_pred_dist_mean).toBeLessThanOrEqual(rootMeanSquare * (1 + relative));
    });
  });

  it('identical rows have no distance and no variance, whatever the values', () => {
    const row = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 9 });
    const ids = ['pairwise_pred_dist_mean', 'pred_var_per_dim', 'target_var_per_dim'] satisfies CoreId[];
    holds(fc.tuple(row, fc.integer({ min: 1, max: 70 })), ([x, n]) => {
      const m = filled(n, x.length, (_, j) => x[j]! / 1e150);
      const v = measure({ prediction: m, target: m });
      for (const id of ids) expect(v[id], id).toBe(0);
    });
  });
});
