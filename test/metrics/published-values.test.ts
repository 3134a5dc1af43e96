import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.js';
import { isotropicEffectiveRank } from '../../src/core/marchenko-pastur.js';
import type { Matrix } from '../../src/core/matrix.js';
import type { MetricId } from '../../src/metrics/ids.js';
import { computeMetrics } from '../../src/metrics/index.js';
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
    expectMetric(orthogonal, 'pred_rankme', 4, 'spectrum_with_a_long_tail');
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
