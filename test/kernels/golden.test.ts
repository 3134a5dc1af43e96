import { afterEach, describe, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { GOLDEN_SETS, type GoldenSet, readGolden, readPair } from '../metrics/golden-files.js';
import { expectClose } from '../tolerances.js';
import { BUILDS } from './builds.js';

const usual = currentKernels();
afterEach(() => chooseKernels(usual));

describe.each(BUILDS)('$name on the golden sets', (kernels) => {
  it.each(GOLDEN_SETS)('%s', (name) => {
    const expected = readGolden<GoldenSet>(`golden/${name}/expected.json`).metrics;
    chooseKernels(kernels);
    const ids = ['pairwise_pred_dist_mean', 'kl_reg'] as const;
    const batch = createBatch({ ...readPair(`golden/${name}`), klReg: 'computed' });
    const { metrics } = computeMetrics(batch, ids);
    for (const id of ids) expectClose(metrics[id], expected[id]!, id, name);
  });
});
