import { describe, expect, it } from 'vitest';
import type { MetricId } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { klRegNull } from '#numerics/gaussian/kl-null.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { isotropicEffectiveRank } from '#numerics/spectra/marchenko-pastur.js';
import { expectClose, familyOf, type ToleranceFamily } from '../tolerances.js';
import { gaussian, product } from './gaussian.js';
import { filled, mapped, matrixOf } from './matrices.js';

function of(prediction: Matrix, id: MetricId, target: Matrix | null = null): number {
  const { metrics, unavailable } = computeMetrics(createBatch({ prediction, target }), [id]);
  return metrics[id] ?? expect.fail(`${id}: ${unavailable[id]}`);
}

function expectMetric(m: Matrix, id: MetricId, expected: number, family: ToleranceFamily = familyOf(id)) {
  expectClose(of(m, id), expected, family, id);
}

const identity = (n: number) => filled(n, n, (i, j) => (i === j ? 1 : 0));

describe("lightly's tests of std_of_l2_normalized", () => {
  it('ones give 0', () => expect(of(filled(10, 7, 1), 'pred_std_l2_normalized')).toBe(0));
  it('eye(10) gives 1/√10', () => expectMetric(identity(10), 'pred_std_l2_normalized', 1 / Math.sqrt(10)));
  it('isotropic rows give 1/√D (SimSiam, section 4.1)', () => {
    expectMetric(gaussian(2000, 64, 1), 'pred_std_l2_normalized', 1 / 8, 'published');
  });
});

describe('RankMe, arXiv 2210.02885', () => {
  const m = gaussian(1000, 1024, 2);

  it('the published definition gives about 813 on randn(1000, 1024), not the 613 of variants on eigenvalues', () => {
    expectMetric(m, 'pred_rankme', 813, 'published');
  });
});

describe('Wang & Isola, arXiv 2005.10242', () => {
  it('constant rows give 0', () =>
    expect(
      of(
        filled(20, 6, (_, j) => j + 1),
        'pred_uniformity',
      ),
    ).toBe(0));
  it('two opposite rows give −8', () => {
    expectMetric(
      matrixOf([
        [1, 2],
        [-1, -2],
      ]),
      'pred_uniformity',
      -8,
    );
  });
  it.each([
    [16, -3.513],
    [64, -3.875],
    [192, -3.958],
    [256, -3.969],
  ])('isotropic rows in %i dimensions reach the floor %f', (dims, floor) => {
    expectMetric(gaussian(800, dims, dims), 'pred_uniformity', floor, 'published');
  });
});

describe('VICReg, arXiv 2105.04906', () => {
  it('the variance term of zeros is 0.99', () => expectMetric(filled(8, 5, 0), 'pred_vicreg_var', 0.99));
  it('and of std 2 it is 0', () => {
    expect(
      of(
        filled(9, 3, (i) => (i % 2 === 0 ? 2 : -2)),
        'pred_vicreg_var',
      ),
    ).toBe(0);
  });
  it('the covariance term of two equal dimensions of variance v (ddof 1) is v²', () => {
    const column = [1, 2, 3, 4];
    const variance = 5 / 3;
    expectMetric(matrixOf(column.map((x) => [x, x])), 'pred_vicreg_cov', variance ** 2);
    expectMetric(matrixOf(column.map((x) => [x, x, x, x, x])), 'pred_vicreg_cov', 4 * variance ** 2);
  });
  it('isotropic rows give (D − 1)/(N − 1), on either side of N = D', () => {
    const mean = (rows: number, dims: number) => {
      let sum = 0;
      for (let seed = 0; seed < 60; seed++) sum += of(gaussian(rows, dims, 100 + seed), 'pred_vicreg_cov');
      return sum / 60;
    };
    expectClose(mean(64, 32), 31 / 63, 'simulation');
    expectClose(mean(32, 64), 63 / 31, 'simulation');
  });
});

describe('mean pairwise cosine', () => {
  it('of ±e₁, ±e₂ in four dimensions is −1/3', () => {
    const rows = [
      [1, 0, 0, 0],
      [-1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, -1, 0, 0],
    ];
    expectMetric(matrixOf(rows), 'pred_mean_pairwise_cos', -1 / 3);
  });
  it('of rows in one direction is 1, however long they are', () => {
    expectMetric(
      matrixOf([
        [1, 2],
        [2, 4],
        [0.1, 0.2],
      ]),
      'pred_mean_pairwise_cos',
      1,
    );
  });
});

describe('spectra', () => {
  const orthogonal = matrixOf([
    [1, 1, 1, 1],
    [1, -1, 1, -1],
    [1, 1, -1, -1],
    [1, -1, -1, 1],
  ]);
  const centred = filled(4, 3, (i, j) => orthogonal.data[i * 4 + j + 1]!);

  it('k equal singular values give k, and 1/k for the largest share', () => {
    for (const id of ['pred_effective_rank', 'pred_participation_ratio', 'pred_stable_rank'] as const) {
      expectMetric(centred, id, 3);
    }
    expectMetric(centred, 'pred_top_eigenvalue_share', 1 / 3);
    const share = 1 / 4 + 1e-7;
    expectMetric(orthogonal, 'pred_rankme', Math.exp(-4 * share * Math.log(share)));
  });

  it('isotropic data of rank 20 show a participation ratio of 20 less its bias, about 20/N', () => {
    const m = product(gaussian(4000, 20, 3), gaussian(20, 64, 4));
    const axes = filled(20, 64, (i, j) => (i === j ? 1 : 0));
    expectMetric(
      product(gaussian(4000, 20, 3), axes),
      'pred_participation_ratio',
      20 / (1 + 20 / 4000),
      'published',
    );
    expect(of(m, 'pred_participation_ratio')).toBeLessThanOrEqual(20);
  });

  it('λ_i = i^−a gives α-ReQ = a', () => {
    for (const a of [0.5, 1, 2]) {
      // Columns of a Hadamard matrix are orthogonal, and all but the first are centred.
      const bits = (x: number) => x.toString(2).replaceAll('0', '').length;
      const m = filled(128, 127, (i, j) => (bits(i & (j + 1)) % 2 === 0 ? 1 : -1) * (j + 1) ** (-a / 2));
      expectMetric(m, 'pred_alpha_req', a);
    }
  });
});

describe('the isotropic yardstick', () => {
  it.each([
    [256, 192, 0.875],
    [1024, 192, 0.975],
  ])('%i × %i shows an effective rank of %f D', (rows, dims, share) => {
    expectClose(isotropicEffectiveRank(rows, dims) / dims, share, 'published');
  });

  it.each([
    [16, 16],
    [16, 64],
    [64, 16],
    [17, 16],
    [64, 64],
    [128, 192],
    [200, 8],
  ])('simulated %i × %i batches give a ratio of 1 within what it promises', (rows, dims) => {
    let sum = 0;
    for (let seed = 0; seed < 30; seed++) sum += of(gaussian(rows, dims, seed), 'pred_effective_rank_ratio');
    expectClose(sum / 30, 1, 'simulation');
  });
});

describe('SIGReg, arXiv 2511.08544', () => {
  it('zeros give 0.402 N: 51.46 at N = 128', () =>
    expectMetric(filled(128, 8, 0), 'pred_sigreg', 51.46, 'published'));

  it('N(0, I) gives 1.0525 in expectation', () => {
    let sum = 0;
    for (let seed = 0; seed < 40; seed++) sum += of(gaussian(64, 32, 500 + seed), 'pred_sigreg');
    expectClose(sum / 40, 1.0525, 'simulation');
  });

  it('rows normalised to length 1 give about 202 at 512 × 192', () => {
    const m = gaussian(512, 192, 6);
    const norms = Array.from({ length: 512 }, (_, i) =>
      Math.hypot(...m.data.subarray(192 * i, 192 * i + 192)),
    );
    expectMetric(
      mapped(m, (x, i) => x / norms[i]!),
      'pred_sigreg',
      202,
      'published',
    );
  });
});

describe('a constant predictor at the mean of targets N(0, I) + 10', () => {
  const target = mapped(gaussian(200, 32, 7), (x) => x + 10);
  const mean = Array.from({ length: 32 }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < 200; i++) sum += target.data[i * 32 + j]!;
    return sum / 200;
  });
  const prediction = filled(200, 32, (_, j) => mean[j]!);
  const value = (id: MetricId) => of(prediction, id, target);

  it('looks splendid uncentred', () => expectClose(value('pred_cos_mean'), 0.995, 'published'));
  it('and does not otherwise', () => {
    expect(value('pred_cos_centered_mean')).toBe(0);
    expect(value('pred_target_corr_per_dim')).toBe(0);
    expect(value('pred_target_var_ratio')).toBe(0);
    expect(value('pred_r2')).toBeLessThanOrEqual(1e-15);
    expectClose(value('retrieval_top1'), 1 / 200, 'retrieval_top1');
  });
});

describe('pred_r2', () => {
  it("is scikit-learn's r2_score with variance-weighted outputs: 0.938… in its documentation", () => {
    const target = matrixOf([
      [0.5, 1],
      [-1, 1],
      [7, -6],
    ]);
    const prediction = matrixOf([
      [0, 2],
      [-1, 2],
      [8, -5],
    ]);
    expectClose(of(prediction, 'pred_r2', target), 0.9382566585956417, 'pred_r2');
  });
});

describe('retrieval', () => {
  /** On a line, the targets at 0, 10 and 20; each prediction as far from its own as the rank wanted. */
  const target = matrixOf([[0], [10], [20]]);
  it('ranks 3, 2 and 1 have a mean reciprocal rank of 11/18 (the example of Wikipedia, 0.61)', () => {
    const prediction = matrixOf([[16], [18], [20]]);
    expectClose(of(prediction, 'retrieval_mrr', target), 11 / 18, 'retrieval_mrr');
    expectClose(of(prediction, 'retrieval_top1', target), 1 / 3, 'retrieval_top1');
  });
});

describe('against the context', () => {
  const context = matrixOf([
    [0, 0],
    [1, 1],
  ]);
  const target = matrixOf([
    [2, 0],
    [1, 3],
  ]);
  const value = (prediction: Matrix, id: MetricId) =>
    computeMetrics(createBatch({ prediction, target, context }), [id]).metrics[id];

  it('copying has no skill and no direction, the target all of both, half of the way three quarters', () => {
    expect([value(context, 'copy_skill'), value(context, 'delta_cos_mean')]).toEqual([0, 0]);
    expect([value(target, 'copy_skill'), value(target, 'delta_cos_mean')]).toEqual([1, 1]);
    const half = mapped(target, (x, i, j) => (x + context.data[i * 2 + j]!) / 2);
    expect([value(half, 'copy_skill'), value(half, 'delta_cos_mean')]).toEqual([0.75, 1]);
  });

  it('as far the other way is a skill of 1 − 2² and a cosine of −1; at right angles 1 − 2 and 0', () => {
    const away = mapped(target, (x, i, j) => 2 * context.data[i * 2 + j]! - x);
    expect([value(away, 'copy_skill'), value(away, 'delta_cos_mean')]).toEqual([-3, -1]);
    const aside = matrixOf([
      [0, 2],
      [3, 1],
    ]);
    expect([value(aside, 'copy_skill'), value(aside, 'delta_cos_mean')]).toEqual([-1, 0]);
  });
});

describe('dimensions one by one', () => {
  it('two of four whose variance is below a ten-thousandth of the mean are dead', () => {
    // Variances 4, 4, 1e-6 and 0: their mean is 2, a ten-thousandth of it 2e-4.
    const m = matrixOf([
      [2, -2, 1e-3, 5],
      [-2, 2, -1e-3, 5],
    ]);
    expect(of(m, 'pred_dead_dim_fraction')).toBe(0.5);
  });

  it('correlations of 1, −1, 0 and a constant have a mean of 0, where offsets alone correlate', () => {
    const prediction = matrixOf([
      [1, 9, 5, 3],
      [2, 8, 4, 3],
      [3, 7, 5, 3],
    ]);
    const target = matrixOf([
      [10, 1, 1, 2],
      [20, 2, 2, 1],
      [30, 3, 3, 2],
    ]);
    expectClose(of(prediction, 'pred_target_corr_per_dim', target), 0, 'pred_target_corr_per_dim');
    expectClose(of(target, 'pred_target_corr_per_dim', target), 1, 'pred_target_corr_per_dim');
  });

  it('a prediction of half the deviations has a quarter of the variance, and the same centred direction', () => {
    const target = gaussian(20, 6, 8);
    const half = mapped(target, (x) => 100 + x / 2);
    expectClose(of(half, 'pred_target_var_ratio', target), 0.25, 'pred_target_var_ratio');
    expectClose(of(half, 'pred_cos_centered_mean', target), 1, 'pred_cos_centered_mean');
  });
});

describe('kl_excess', () => {
  it.each([
    [128, 64, 10.34],
    [256, 192, 52.7],
    [1024, 192, 9.78],
    [1024, 512, 79.1],
  ])('its yardstick at %i × %i is %f nats', (rows, dims, nats) => {
    expectClose(klRegNull(rows, dims), nats, 'published');
  });

  it.each([
    [64, 32],
    [128, 64],
    [40, 36],
  ])('which simulated batches of N(0, I) show at %i × %i', (rows, dims) => {
    let sum = 0;
    for (let seed = 0; seed < 60; seed++) {
      const batch = createBatch({
        prediction: gaussian(rows, dims, 900 + seed),
        target: null,
        klReg: 'computed',
        klFrom: 'prediction',
      });
      sum += computeMetrics(batch, ['kl_reg']).metrics.kl_reg ?? Number.NaN;
    }
    expectClose(sum / 60, klRegNull(rows, dims) ?? Number.NaN, 'simulation');
  });
});
