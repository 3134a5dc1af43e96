import { expect, it } from 'vitest';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';

it('is exactly 0 for uncorrelated dimensions of a square batch', () => {
  // Walsh functions: any two are orthogonal, and all but the first have mean 0.
  const n = 16;
  const parity = (k: number) => (k.toString(2).replaceAll('0', '').length % 2 === 0 ? 1 : -1);
  const data = Float64Array.from(
    { length: n * n },
    (_, k) => parity(Math.floor(k / n) & (k % n)) * 2 ** (-3 * (k % n)),
  );
  const matrix = { data, rows: n, cols: n };
  const batch = createBatch({ prediction: matrix, target: matrix });
  const ids = ['pred_vicreg_cov', 'pairwise_pred_dist_mean', 'pred_effective_rank'] as const;
  expect(computeMetrics(batch, ids).metrics).toMatchObject({ pred_vicreg_cov: 0 });
});
