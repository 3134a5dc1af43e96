import { UNIT_MOMENTS } from '#numerics/matrix/unit-moments.js';
import { defineSideMetric } from '../define-side-metric.js';

/** Mean std (ddof 1) of the unit rows' dimensions: equal rows give 0, eye(10) gives 1/√10, isotropic rows 1/√D. */
export const stdL2Normalized = defineSideMetric({
  name: 'std_l2_normalized',
  title: 'Std of normalised rows',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, √(N/(N − 1)/D)]',
  definition: 'mean over dimensions of the std (ddof 1) of the rows divided by their norm',
  edge: 'a row of zeros stays zero; null for one row',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'complete collapse: it falls from 1/√D to 0, whatever the scale',
  blindTo: 'norms; dimensional collapse, which lowers it only by a part',
  source: 'Chen & He, SimSiam, arXiv 2011.10566, section 4.1',
  requires: 'two rows',
  needs: [UNIT_MOMENTS],
  compute: (embedding) => {
    const { rows, cols } = embedding;
    const { squares } = embedding.get(UNIT_MOMENTS).all;
    return squares.reduce((sum, s) => sum + Math.sqrt(s / (rows - 1)), 0) / cols;
  },
});
