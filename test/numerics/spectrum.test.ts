import { beforeEach, describe, expect, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics, METRICS } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { MatrixQuantity } from '#numerics/matrix/matrix-view.js';
import { EFFECTIVE_RANK, RANKME } from '#numerics/spectra/effective-rank.js';
import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { gaussian } from '../metrics/gaussian.js';
import { passBy } from './pass-by.js';

const kernels = currentKernels();
/** How many matrices each call was given. */
let calls: number[] = [];
chooseKernels({
  ...kernels,
  tridiagonalsOf: (matrices, n) => {
    calls.push(matrices.length);
    return kernels.tridiagonalsOf(matrices, n);
  },
});
beforeEach(() => {
  calls = [];
});

const prediction = gaussian(300, 256, 1);
const target = gaussian(300, 256, 2);
const constant: Matrix = { data: new Float64Array(300 * 256).fill(0.1), rows: 300, cols: 256 };

function measure(ids: readonly MetricId[], matrices: { prediction: Matrix; target: Matrix | null }) {
  calls = [];
  return computeMetrics(createBatch(matrices), ids).metrics;
}

const needs = (id: MetricId, quantity: MatrixQuantity) =>
  [METRICS[id].needs.prediction, METRICS[id].needs.target].some((needed) => needed?.includes(quantity));
const CENTRED = METRIC_IDS.filter((id) => needs(id, CENTRED_SPECTRUM) || needs(id, EFFECTIVE_RANK));
const RAW = METRIC_IDS.filter((id) => needs(id, RANKME));

it('metrics ask for a spectrum where they declare one, and nowhere else', () => {
  expect(CENTRED).toHaveLength(12);
  expect(RAW).toHaveLength(2);
  const small = { prediction: gaussian(20, 6, 1), target: gaussian(20, 6, 2), context: gaussian(20, 6, 3) };
  for (const id of METRIC_IDS) {
    calls = [];
    computeMetrics(createBatch(small), [id]);
    expect(calls, id).toEqual([...CENTRED, ...RAW].includes(id) ? [1] : []);
  }
});

it('each spectrum is found once, whoever asks; those of both matrices together', () => {
  measure(CENTRED, { prediction, target });
  expect(calls).toEqual([2]);
  measure(['target_alpha_req', 'pred_stable_rank'], { prediction, target });
  expect(calls).toEqual([2]);
  measure(METRIC_IDS, { prediction, target });
  expect(calls).toEqual([2]);
  measure(['pred_effective_rank', 'target_rankme'], { prediction, target });
  expect(calls).toEqual([2]);
});

it('one matrix is enough where the other is missing or all its rows are the same', () => {
  const ids = ['pred_effective_rank', 'target_effective_rank'] as const;
  measure(ids, { prediction, target: null });
  expect(calls).toEqual([1]);
  measure(ids, { prediction, target: constant });
  expect(calls).toEqual([1]);
  measure(ids, { prediction: constant, target });
  expect(calls).toEqual([1]);
  measure(ids, { prediction: constant, target: constant });
  expect(calls).toEqual([]);
});

it('a matrix that overflows takes nothing from the other', () => {
  const data = Float64Array.from(target.data);
  data[0] = Number.MAX_VALUE;
  data[256] = -Number.MAX_VALUE;
  const overflowing = { ...target, data };
  const ids = ['pred_effective_rank', 'target_effective_rank'] as const;
  const alone = measure(['pred_effective_rank'], { prediction, target: overflowing });
  const both = measure(ids, { prediction, target: overflowing });
  expect(calls).toEqual([1]);
  expect(both).toEqual({ ...alone, target_effective_rank: null });
});

it('small matrices are taken one by one', () => {
  for (const [rows, cols] of [
    [300, 255],
    [255, 300],
  ] as const) {
    computeMetrics(
      createBatch({ prediction: gaussian(rows, cols, 1), target: gaussian(rows, cols, 2) }),
      CENTRED,
    );
  }
  expect(calls).toEqual([1, 1, 1, 1]);
});

it.each([
  [300, 256],
  [256, 256],
  [256, 300],
])('no number depends on what else is asked for, %i × %i', (rows, cols) => {
  const matrices = { prediction: gaussian(rows, cols, 5), target: gaussian(rows, cols, 6) };
  const together = computeMetrics(createBatch(matrices), [...CENTRED, ...RAW]).metrics;
  for (const id of [...CENTRED, ...RAW])
    expect(computeMetrics(createBatch(matrices), [id]).metrics[id], id).toBe(together[id]);
});

describe('rows that pass by', () => {
  const both = ['pred_effective_rank', 'target_effective_rank'] as const;

  it('are asked for both spectra in one pass', () => {
    const one = passBy({ prediction, target }, [100], ['pred_effective_rank']);
    expect(calls).toEqual([1]);
    const two = passBy({ prediction, target }, [100], both);
    expect(calls).toEqual([1, 2]);
    expect(two.passes).toBe(one.passes);
    expect(two.metrics.pred_effective_rank).toBe(one.metrics.pred_effective_rank);
  });

  it('are asked for one where the other has none', () => {
    const { metrics, unavailable } = passBy({ prediction, target: constant }, [100], both);
    expect(calls).toEqual([1]);
    expect(metrics.target_effective_rank).toBeNull();
    expect(unavailable.target_effective_rank).toBe('all rows are the same');
  });
});
