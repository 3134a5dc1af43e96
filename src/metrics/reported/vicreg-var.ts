import { timesPowerOfTwo } from '#numerics/floating/power-of-two.js';
import { COLUMN_SQUARES } from '#numerics/matrix/column-squares.js';
import { defineSideMetric } from '../define-side-metric.js';

/** VICReg's hinge on the std: zeros give 0.99, dimensions of std 1 and more 0. */
export const vicregVar = defineSideMetric({
  name: 'vicreg_var',
  title: 'VICReg variance term',
  unit: 'unitless',
  collapse: 'high',
  range: '[0, 0.99]',
  definition: 'mean over dimensions of max(0, 1 − √(variance + 1e-4)), ddof 1',
  edge: 'null for one row',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'complete collapse of embeddings that are meant to have std 1',
  blindTo: 'any collapse at a std above 1; a healthy embedding of a small scale looks collapsed',
  source: 'Bardes et al., VICReg, arXiv 2105.04906, equation 1 (γ = 1, ε = 1e-4)',
  requires: 'two rows',
  needs: [COLUMN_SQUARES],
  compute: (embedding) => {
    const { sums, exponent } = embedding.get(COLUMN_SQUARES);
    const { rows, cols } = embedding;
    let total = 0;
    for (const s of sums) {
      total += Math.max(0, 1 - Math.sqrt(timesPowerOfTwo(s, 2 * exponent) / (rows - 1) + 1e-4));
    }
    return total / cols;
  },
});
