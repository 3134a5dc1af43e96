import { describe, expect, it } from 'vitest';
import { defineMetric } from '#metrics/define-metric.js';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics, METRICS } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { CENTRE } from '#numerics/matrix/column-moments.js';
import { COLUMN_SQUARES } from '#numerics/matrix/column-squares.js';
import type { MatrixFold } from '#numerics/matrix/matrix-view.js';
import { ROW_COSINE } from '#numerics/matrix/row-pairs.js';
import { placesOfGrid } from '#numerics/positions/row-places.js';
import { CENTRED_GRAM } from '#numerics/spectra/gram.js';
import { StreamedBatch } from '#numerics/streaming/streamed-batch.js';
import { passBy } from '../numerics/pass-by.js';
import { gaussian } from './gaussian.js';

/** How often the rows of a step pass by for a metric by itself. The first pass checks them, whatever is asked. */
const PASSES: Readonly<Record<MetricId, number>> = {
  pred_cos_mean: 1,
  pred_l2_mean: 1,
  target_var_per_dim: 2,
  pred_var_per_dim: 2,
  pred_target_corr: 2,
  pairwise_pred_dist_mean: 1,
  kl_reg: 2,
  kl_excess: 2,
  pairwise_target_dist_mean: 1,
  pred_target_var_ratio: 2,
  pred_r2: 2,
  pred_cos_centered_mean: 2,
  pred_target_corr_per_dim: 2,
  retrieval_top1: 1,
  retrieval_mrr: 1,
  copy_skill: 1,
  delta_cos_mean: 1,
  pred_effective_rank: 2,
  target_effective_rank: 2,
  pred_effective_rank_ratio: 2,
  target_effective_rank_ratio: 2,
  pred_rankme: 2,
  target_rankme: 2,
  pred_participation_ratio: 2,
  target_participation_ratio: 2,
  pred_stable_rank: 2,
  target_stable_rank: 2,
  pred_top_eigenvalue_share: 2,
  target_top_eigenvalue_share: 2,
  pred_alpha_req: 2,
  target_alpha_req: 2,
  pred_std_l2_normalized: 2,
  target_std_l2_normalized: 2,
  pred_mean_pairwise_cos: 2,
  target_mean_pairwise_cos: 2,
  pred_dead_dim_fraction: 2,
  target_dead_dim_fraction: 2,
  pred_uniformity: 2,
  target_uniformity: 2,
  pred_vicreg_var: 2,
  target_vicreg_var: 2,
  pred_vicreg_cov: 2,
  target_vicreg_cov: 2,
  pred_sigreg: 1,
  target_sigreg: 1,
  pred_sample_variance_share: 2,
  target_sample_variance_share: 2,
  pred_token_variance_share: 2,
  target_token_variance_share: 2,
  pred_target_sample_var_ratio: 1,
  pred_cos_position_centered_mean: 2,
  pred_nearest_neighbour_ratio: 1,
  target_nearest_neighbour_ratio: 1,
  pred_knn_accuracy: 1,
  target_knn_accuracy: 1,
  pred_probe_r2: 1,
  target_probe_r2: 1,
  pred_lidar: 2,
  target_lidar: 2,
  temporal_straightness: 1,
};

const oneEach = (rows: number, of: (row: number) => number) => ({
  data: Float64Array.from({ length: rows }, (_, row) => of(row)),
  rows,
  cols: 1,
});

const step = (rows: number, cols: number) => ({
  label: oneEach(rows, (row) => row % 3),
  group: oneEach(rows, (row) => Math.floor(row / 2)),
  places: placesOfGrid(rows, 3),
  prediction: gaussian(rows, cols, 1),
  target: gaussian(rows, cols, 2),
  context: gaussian(rows, cols, 3),
  klReg: 'computed' as const,
});

describe('how often rows pass by', () => {
  it.each(Object.entries(PASSES) as [MetricId, number][])('for %s alone: %i', (id, passes) => {
    expect(passBy(step(60, 4), [7], [id]).passes).toBe(passes);
  });

  it.each([
    ['the seven', CORE_METRIC_IDS],
    ['the default metrics', DEFAULT_METRIC_IDS],
    ['all metrics', METRIC_IDS],
  ] as const)('for %s: twice', (_, ids) => {
    expect(passBy(step(60, 4), [7], ids).passes).toBe(2);
  });

  it.each(['pairwise_pred_dist_mean', 'pred_uniformity'] as const)(
    'for %s twice where pairs are drawn from a pool',
    (id) => {
      expect(passBy({ ...step(2200, 1024), pairwise: 1500 }, [1100], [id]).passes).toBe(2);
    },
  );

  it('once more for a rank whose small singular values the Gram matrix lacks', () => {
    const { data, rows, cols } = gaussian(60, 4, 1);
    const prediction = {
      data: Float64Array.from(data, (x, k) => (k % 4 === 3 ? data[k - 1]! + 1e-7 * x : x)),
      rows,
      cols,
    };
    const passesOf = (id: MetricId) => passBy({ prediction, target: prediction }, [7], [id]).passes;
    expect([passesOf('pred_effective_rank'), passesOf('target_rankme')]).toEqual([3, 3]);
    expect([passesOf('pred_stable_rank'), passesOf('pred_alpha_req')]).toEqual([2, 2]);
  });

  it('once more where numbers are extreme', () => {
    const { data, rows, cols } = gaussian(60, 4, 1);
    const prediction = { data: Float64Array.from(data, (x) => 1e150 * x), rows, cols };
    const passesOf = (id: MetricId) => passBy({ prediction, target: prediction }, [7], [id]).passes;
    expect([passesOf('pred_var_per_dim'), passesOf('pred_target_corr')]).toEqual([3, 3]);
  });
});

describe.each([
  [20, 6],
  [6, 20],
  [9, 9],
])('each metric asks for what it declares, of a batch of %i × %i', (rows, cols) => {
  it.each(METRIC_IDS)('%s', (id) => {
    expect(() => computeMetrics(createBatch(step(rows, cols)), [id])).not.toThrow();
  });
});

describe('what is not declared', () => {
  const asking = (needs: 'nothing' | 'another quantity' | 'the other matrix', ask = COLUMN_SQUARES) =>
    defineMetric({
      ...METRICS.pred_dead_dim_fraction,
      needs: {
        nothing: {},
        'another quantity': { prediction: [CENTRED_GRAM] },
        'the other matrix': { target: [ask] },
      }[needs],
      compute: ({ prediction }) => prediction.get(ask).sums[0]!,
    });

  it.each(['nothing', 'another quantity', 'the other matrix'] as const)(
    'is refused in memory, naming both, where %s is',
    (needs) => {
      const batch = createBatch(step(20, 6));
      // Known already, because another metric asked: refused all the same.
      computeMetrics(batch, ['pred_dead_dim_fraction']);
      expect(() => asking(needs).compute(batch)).toThrow(
        'pred_dead_dim_fraction asks for column squares of the prediction, which it does not declare',
      );
    },
  );

  it('is refused of all matrices together', () => {
    const metric = defineMetric({
      ...METRICS.pred_cos_mean,
      needs: {},
      compute: (batch) => batch.get(ROW_COSINE).mean,
    });
    expect(() => metric.compute(createBatch(step(20, 6)))).toThrow(
      'pred_cos_mean asks for mean cosine of the step, which it does not declare',
    );
  });

  it('is refused to a quantity too', () => {
    const careless: MatrixFold<Float64Array> = {
      name: 'careless sums',
      needs: [],
      part: (rows) => rows.get(CENTRE).residual,
      join: (a) => a,
    };
    const { prediction } = createBatch(step(20, 6));
    expect(() => prediction.get(careless)).toThrow(
      'careless sums asks for centre of the prediction, which it does not declare',
    );
  });

  it('is refused of rows that pass by, though it was declared to nobody else', () => {
    const shape = { rows: 20, cols: 6, valueBytes: 8 } as const;
    const input = { prediction: shape, target: null, context: null, maxBytes: 1e6 };
    expect(() => asking('nothing').compute(new StreamedBatch(input))).toThrow('does not declare');
    expect(() => METRICS.pred_dead_dim_fraction.compute(new StreamedBatch(input))).toThrow(
      'before it is known',
    );
  });
});
