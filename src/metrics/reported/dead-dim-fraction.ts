import { COLUMN_SQUARES } from '#numerics/matrix/column-squares.js';
import { defineSideMetric } from '../define-side-metric.js';

const DEAD_SHARE = 1e-4;

/** Share of dimensions whose variance is below 1e-4 of the mean variance: one constant column of four gives 0.25. */
export const deadDimFraction = defineSideMetric({
  name: 'dead_dim_fraction',
  title: 'Dead dimensions',
  unit: 'unitless',
  collapse: 'high',
  range: '[0, 1)',
  definition: "share of dimensions with variance < 1e-4 × this step's own mean variance",
  edge: 'null for one row and for identical rows, where no dimension is alive to compare with',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dead units: dimensional collapse along the axes',
  blindTo: 'scale; loss of rank in rotated directions, which leaves every axis its variance',
  source: 'this project; dead dimensions as in Jing et al., arXiv 2110.09348',
  requires: 'different rows',
  needs: [COLUMN_SQUARES],
  compute: (embedding) => {
    const { sums } = embedding.get(COLUMN_SQUARES);
    const mean = sums.reduce((sum, s) => sum + s, 0) / sums.length;
    if (!Number.isFinite(mean)) return Number.NaN;
    return sums.filter((s) => s < DEAD_SHARE * mean).length / sums.length;
  },
});
