import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics, METRICS } from '#metrics/index.js';
import { klRegNull } from '#numerics/gaussian/kl-null.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { isotropicEffectiveRank } from '#numerics/spectra/marchenko-pastur.js';
import { expectClose, familyOf, TOLERANCES } from '../tolerances.js';
import { gaussian } from './gaussian.js';
import { filled, mapped } from './matrices.js';

interface Triple {
  readonly prediction: Matrix;
  readonly target: Matrix;
  readonly context: Matrix;
}
type Measured = Readonly<Partial<Record<MetricId, number | null>>>;

const FURTHER = METRIC_IDS.slice(7);
const named = (...names: readonly string[]) =>
  FURTHER.filter((id) => names.includes(id) || names.includes(id.replace(/^(pred|target)_/, '')));
const without = (ids: readonly MetricId[]) => FURTHER.filter((id) => !ids.includes(id));

/** Batches on either side of N = D, of full rank and away from every edge. */
const triples = fc
  .record({
    rows: fc.integer({ min: 6, max: 20 }),
    cols: fc.integer({ min: 6, max: 20 }),
    seed: fc.integer({ min: 0, max: 2 ** 30 }),
  })
  // Near N = D the smallest singular value may be anything; a few rows more or less keep it apart.
  .filter(({ rows, cols }) => Math.abs(rows - 1 - cols) > 2)
  .map(({ rows, cols, seed }): Triple => {
    const context = gaussian(rows, cols, seed);
    const change = gaussian(rows, cols, seed + 1);
    const noise = gaussian(rows, cols, seed + 2);
    const target = mapped(context, (x, i, j) => 0.3 + x + 0.5 * change.data[i * cols + j]!);
    return { prediction: mapped(target, (x, i, j) => x + 0.4 * noise.data[i * cols + j]!), target, context };
  });

function each(triple: Triple, change: (m: Matrix) => Matrix): Triple {
  return {
    prediction: change(triple.prediction),
    target: change(triple.target),
    context: change(triple.context),
  };
}

function measure(triple: Triple): Measured {
  return computeMetrics(createBatch({ ...triple, klReg: 'computed' }), FURTHER).metrics;
}

function expectSame(actual: Measured, expected: Measured, ids: readonly MetricId[]): void {
  for (const id of ids) {
    const value = expected[id] ?? null;
    if (value === null) expect(actual[id], id).toBeNull();
    else expectClose(actual[id], value, familyOf(id), id);
  }
}

function holds(property: (triple: Triple) => void): void {
  fc.assert(fc.property(triples, property), { numRuns: 25 });
}

function pick(m: Matrix, rows: readonly number[]): Matrix {
  return filled(rows.length, m.cols, (i, j) => m.data[rows[i]! * m.cols + j]!);
}

/** Every row mirrored in three planes in turn. */
function rotated(m: Matrix): Matrix {
  return [1, 2, 3].reduce((x, seed) => {
    const axis = [...gaussian(1, m.cols, seed).data];
    const squared = axis.reduce((sum, a) => sum + a * a, 0);
    const factors = Array.from(
      { length: x.rows },
      (_, i) => (2 * axis.reduce((sum, a, j) => sum + a * x.data[i * x.cols + j]!, 0)) / squared,
    );
    return mapped(x, (value, i, j) => value - factors[i]! * axis[j]!);
  }, m);
}

function reversed(m: Matrix): Matrix {
  return filled(m.rows, m.cols, (i, j) => m.data[i * m.cols + m.cols - 1 - j]!);
}

function shifted(m: Matrix): Matrix {
  return mapped(m, (x, _, j) => x + 1 + (j % 3));
}

const AXIS_BOUND = named(
  'pred_target_corr_per_dim',
  'std_l2_normalized',
  'dead_dim_fraction',
  'vicreg_var',
  'vicreg_cov',
  'sigreg',
);
const SCALED = named('vicreg_var', 'vicreg_cov', 'sigreg', 'kl_excess', 'pairwise_target_dist_mean');
const ANCHORED = named(
  'kl_excess',
  'rankme',
  'std_l2_normalized',
  'mean_pairwise_cos',
  'uniformity',
  'sigreg',
);

describe('what leaves a metric alone', () => {
  it('the order of the rows: everything', () => {
    holds((triple) => {
      const n = triple.target.rows;
      const order = Array.from({ length: n }, (_, i) => (i * 7 + 3) % n);
      if (new Set(order).size < n) return;
      expectSame(measure(each(triple, (m) => pick(m, order))), measure(triple), FURTHER);
    });
  });

  it('the order of the dimensions: everything but SIGReg, whose slices are fixed', () => {
    holds((triple) => {
      expectSame(measure(each(triple, reversed)), measure(triple), without(named('sigreg')));
    });
  });

  it('a rotation of everything: whatever does not look at single dimensions', () => {
    holds((triple) => {
      expectSame(measure(each(triple, rotated)), measure(triple), without(AXIS_BOUND));
    });
  });

  it('one factor on everything: all that has no unit, but what is measured against N(0, I)', () => {
    holds((triple) => {
      for (const factor of [1e-120, 0.3, -8, 1e120]) {
        const moved = measure(each(triple, (m) => mapped(m, (x) => factor * x)));
        expectSame(moved, measure(triple), without(SCALED));
      }
    });
  });

  it('units: the covariance term grows with the fourth power, distances with the first', () => {
    holds((triple) => {
      const a = measure(triple);
      const b = measure(each(triple, (m) => mapped(m, (x) => 4 * x)));
      expectClose(b.pred_vicreg_cov, 256 * a.pred_vicreg_cov!, 'vicreg_cov');
      expectClose(b.pairwise_target_dist_mean, 4 * a.pairwise_target_dist_mean!, 'pairwise_target_dist_mean');
    });
  });

  it('a shift of everything: what is centred, and what compares rows', () => {
    holds((triple) => {
      expectSame(measure(each(triple, shifted)), measure(triple), without(ANCHORED));
    });
  });

  it('the batch twice over: spectra, shares and ratios', () => {
    holds((triple) => expectSame(measure(each(triple, twice)), measure(triple), without(COUNTING)));
  });
});

const COUNTING = named(
  'kl_excess',
  'pairwise_target_dist_mean',
  'retrieval_top1',
  'retrieval_mrr',
  'effective_rank_ratio',
  'rankme',
  'std_l2_normalized',
  'mean_pairwise_cos',
  'uniformity',
  'vicreg_var',
  'vicreg_cov',
  'sigreg',
  'nearest_neighbour_ratio',
);

function twice(m: Matrix): Matrix {
  return pick(
    m,
    Array.from({ length: 2 * m.rows }, (_, i) => i % m.rows),
  );
}

/** Where each target stands among all of them by its distance to its prediction, from 1 on. */
function ranksOf({ prediction, target }: Triple): number[] {
  const { rows, cols } = target;
  const squared = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < cols; k++) sum += (prediction.data[i * cols + k]! - target.data[j * cols + k]!) ** 2;
    return sum;
  };
  return Array.from({ length: rows }, (_, i) => {
    const own = squared(i, i);
    return 1 + Array.from({ length: rows }, (_, j) => squared(i, j)).filter((other) => other < own).length;
  });
}

/** The variance term of VICReg where the variance (ddof 1) is `share` of what it is. */
function varianceTerm({ data, rows, cols }: Matrix, share: number): number {
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    const column = Array.from({ length: rows }, (_, i) => data[i * cols + j]!);
    const mean = column.reduce((all, x) => all + x, 0) / rows;
    const variance = column.reduce((all, x) => all + (x - mean) ** 2, 0) / (rows - 1);
    sum += Math.max(0, 1 - Math.sqrt(share * variance + 1e-4));
  }
  return sum / cols;
}

describe('the batch twice over: what counts rows follows its law', () => {
  const both = (
    law: (once: (name: string) => number, triple: Triple, side: 'prediction' | 'target') => [string, number],
  ) =>
    holds((triple) => {
      const [before, after] = [measure(triple), measure(each(triple, twice))];
      for (const [prefix, side] of [
        ['pred', 'prediction'],
        ['target', 'target'],
      ] as const) {
        const of = (values: Measured, name: string) => values[`${prefix}_${name}` as MetricId]!;
        const [name, expected] = law((each) => of(before, each), triple, side);
        expectClose(of(after, name), expected, familyOf(`${prefix}_${name}` as MetricId), name);
      }
    });
  const rowsOf = ({ target }: Triple) => target.rows;

  it('the unbiased variances have 2n − 1 in place of 2(n − 1)', () => {
    const share = (n: number) => (2 * n - 2) / (2 * n - 1);
    both((once, t) => ['std_l2_normalized', once('std_l2_normalized') * Math.sqrt(share(rowsOf(t)))]);
    both((once, t) => ['vicreg_cov', once('vicreg_cov') * share(rowsOf(t)) ** 2]);
    both((_, t, side) => ['vicreg_var', varianceTerm(t[side], share(rowsOf(t)))]);
  });

  it('n pairs more have no distance, all others come four times', () => {
    both((once, t) => {
      const n = rowsOf(t);
      const squared = once('mean_pairwise_cos') * n * (n - 1) + n;
      return ['mean_pairwise_cos', (4 * squared - 2 * n) / (2 * n * (2 * n - 1))];
    });
    both((once, t) => {
      const n = rowsOf(t);
      const pairs = (n * (n - 1)) / 2;
      return ['uniformity', Math.log((n + 4 * pairs * Math.exp(once('uniformity'))) / (n * (2 * n - 1)))];
    });
    holds((triple) => {
      const n = rowsOf(triple);
      const { pairwise_target_dist_mean: once } = measure(triple);
      const found = measure(each(triple, twice)).pairwise_target_dist_mean;
      expectClose(found, (once! * 2 * (n - 1)) / (2 * n - 1), 'pairwise_target_dist_mean');
    });
  });

  it('every row has a copy nearest to it', () => {
    both(() => ['nearest_neighbour_ratio', 0]);
  });

  it('the yardstick of the effective rank is that of twice the rows', () => {
    both((once, t) => {
      const { rows, cols } = t.target;
      const yardsticks = isotropicEffectiveRank(rows, cols) / isotropicEffectiveRank(2 * rows, cols);
      return ['effective_rank_ratio', once('effective_rank_ratio') * yardsticks];
    });
  });

  it('RankMe counts the singular values that are 0 now, at 1e-7 each', () => {
    both((once, t) => {
      const { rows, cols } = t.target;
      const more = Math.min(2 * rows, cols) - Math.min(rows, cols);
      return ['rankme', once('rankme') * Math.exp(-more * 1e-7 * Math.log(1e-7))];
    });
  });

  it('SIGReg is twice the same', () => both((once) => ['sigreg', 2 * once('sigreg')]));

  it('kl_excess is less what twice the rows show of N(0, I)', () => {
    holds((triple) => {
      const { rows, cols } = triple.target;
      const once = measure(triple).kl_excess;
      if (once == null) return;
      const found = measure(each(triple, twice)).kl_excess;
      expectClose(found, once + klRegNull(rows, cols)! - klRegNull(2 * rows, cols)!, 'kl_excess');
    });
  });

  it('each target has a twin that ties with it: half the credit, and the mean of two ranks', () => {
    holds((triple) => {
      const after = measure(each(triple, twice));
      const ranks = ranksOf(triple);
      const mean = (credit: (rank: number) => number) =>
        ranks.reduce((sum, rank) => sum + credit(rank), 0) / ranks.length;
      const reciprocal = (rank: number) => (1 / (2 * rank - 1) + 1 / (2 * rank)) / 2;
      expectClose(
        after.retrieval_top1,
        mean((rank) => (rank === 1 ? 0.5 : 0)),
        'retrieval_top1',
      );
      expectClose(after.retrieval_mrr, mean(reciprocal), 'retrieval_mrr');
    });
  });
});

describe('what is left out above does move', () => {
  // With one dead dimension, for what counts them.
  const samples = fc
    .sample(triples, { numRuns: 12, seed: 20240229 })
    .map((triple) => each(triple, (m) => mapped(m, (x, _, j) => (j === 0 ? 1e-3 * x : x))));
  const cases: readonly [string, (m: Matrix) => Matrix, readonly MetricId[]][] = [
    ['with the order of the dimensions', reversed, named('sigreg')],
    ['with a rotation', rotated, AXIS_BOUND],
    ['with a factor', (m) => mapped(m, (x) => 0.3 * x), SCALED],
    ['with a shift', shifted, ANCHORED],
    ['with the batch twice over', twice, COUNTING],
  ];

  it.each(cases)('%s', (_, change, ids) => {
    const pairs = samples.map((triple) => [measure(triple), measure(each(triple, change))] as const);
    for (const id of ids) {
      const { relative, absolute } = TOLERANCES[familyOf(id)];
      const moved = pairs.some(([a, b]) => {
        const [before, after] = [a[id] ?? null, b[id] ?? null];
        if (before === null || after === null) return before !== after;
        return Math.abs(after - before) > 10 * Math.max(relative * Math.abs(before), absolute);
      });
      expect(moved, `${id} moves`).toBe(true);
    }
  });
});

describe('retrieval', () => {
  const top1 = (prediction: Matrix, target: Matrix) =>
    computeMetrics(createBatch({ prediction, target }), ['retrieval_top1', 'retrieval_mrr']).metrics;
  const harmonic = (n: number) => Array.from({ length: n }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);

  it.each([2, 3, 4, 5, 17, 64])('a constant predictor scores chance at N = %i', (n) => {
    const found = top1(filled(n, 6, 0.1), gaussian(n, 6, n));
    expectClose(found.retrieval_top1, 1 / n, 'retrieval_top1');
    expectClose(found.retrieval_mrr, harmonic(n) / n, 'retrieval_mrr');
  });

  it.each([2, 3, 4, 5, 17, 64])('constant targets score chance at N = %i, all tied', (n) => {
    const found = top1(gaussian(n, 6, n), filled(n, 6, 0.1));
    expectClose(found.retrieval_top1, 1 / n, 'retrieval_top1');
    expectClose(found.retrieval_mrr, harmonic(n) / n, 'retrieval_mrr');
  });

  it('a perfect prediction scores 1, and its mirror image the worst', () => {
    const target = filled(7, 1, (i) => i);
    expect(top1(target, target)).toEqual({ retrieval_top1: 1, retrieval_mrr: 1 });
    const far = filled(7, 1, (i) => (i < 3 ? 100 : -100));
    expect(top1(far, target).retrieval_top1).toBe(0);
  });

  it('two pairs of equal targets share the credit', () => {
    const target = filled(4, 1, (i) => (i < 2 ? 0 : 1));
    const found = top1(target, target);
    expect(found.retrieval_top1).toBe(0.5);
    expectClose(found.retrieval_mrr, 0.75, 'retrieval_mrr');
  });
});

describe('what has no value is null with a reason', () => {
  const live = gaussian(8, 5, 1);
  const cases: readonly [string, Partial<Triple> & { prediction: Matrix }, readonly MetricId[]][] = [
    ['no target', { prediction: live }, FURTHER.filter((id) => METRICS[id].needsTarget)],
    ['no context', { prediction: live, target: live }, ['copy_skill', 'delta_cos_mean']],
    [
      'one row',
      { prediction: gaussian(1, 5, 1), target: gaussian(1, 5, 2), context: gaussian(1, 5, 3) },
      without(['copy_skill', 'delta_cos_mean', 'pairwise_target_dist_mean']),
    ],
    [
      'identical rows',
      { prediction: filled(8, 5, 3), target: filled(8, 5, 3), context: live },
      [
        'pred_target_var_ratio',
        'pred_r2',
        ...named(
          'effective_rank',
          'effective_rank_ratio',
          'participation_ratio',
          'stable_rank',
          'top_eigenvalue_share',
          'alpha_req',
          'dead_dim_fraction',
        ),
      ],
    ],
    [
      'zeros',
      { prediction: filled(8, 5, 0), target: live },
      ['pred_rankme', 'pred_mean_pairwise_cos', 'pred_uniformity', 'pred_effective_rank'],
    ],
    [
      'fewer rows than dimensions',
      { prediction: gaussian(5, 5, 1), target: gaussian(5, 5, 2) },
      ['kl_excess'],
    ],
    ['values near 1e200', { prediction: mapped(live, (x) => 1e200 * x) }, ['pred_vicreg_cov', 'pred_sigreg']],
  ];

  it.each(cases)('%s', (_, input, ids) => {
    const batch = createBatch({ target: null, ...input, klReg: 'computed' });
    const { metrics, unavailable } = computeMetrics(batch, ids);
    for (const id of ids) {
      expect(metrics[id], id).toBeNull();
      expect(unavailable[id], id).toMatch(/\S/);
    }
  });

  it('kl_excess of a supplied kl_reg', () => {
    const batch = createBatch({ prediction: live, target: live, klReg: 3 });
    expect(computeMetrics(batch, ['kl_excess']).unavailable.kl_excess).toMatch(/supplied/);
  });

  it('and is never NaN, whatever the magnitudes', () => {
    const entry = fc.oneof(
      fc.double({ min: -1e308, max: 1e308, noNaN: true }),
      fc.constantFrom(0, 1, -1, 1e-310, 5e-324, 1e150, -1e150),
    );
    const matrix = fc
      .array(entry, { minLength: 24, maxLength: 24 })
      .map((x): Matrix => ({ data: Float64Array.from(x), rows: 4, cols: 6 }));
    fc.assert(
      fc.property(fc.tuple(matrix, matrix, matrix), ([prediction, target, context]) => {
        const values = measure({ prediction, target, context });
        for (const id of FURTHER) {
          const value = values[id];
          expect(value === null || Number.isFinite(value), `${id} is ${value}`).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
