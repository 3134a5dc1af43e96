import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { defineSideMetric } from '../define-side-metric.js';

/** (Σλ)²/Σλ²: k equal eigenvalues give k. */
export const participationRatio = defineSideMetric({
  name: 'participation_ratio',
  title: 'Participation ratio',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(N − 1, D)]',
  definition: '(Σλ)²/Σλ² over the eigenvalues λ of the covariance',
  edge: 'null for one row and for identical rows',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dimensional collapse; it weighs the large eigenvalues more than effective_rank does',
  blindTo: 'scale, and the tail of the spectrum; a finite batch lowers it by a share of about PR/N',
  source: 'Gao et al., A theory of multineuronal dimensionality, bioRxiv 214262 (2017)',
  dependsOnRows: true,
  requires: 'different rows',
  needs: [CENTRED_SPECTRUM],
  compute: (embedding) => {
    let sum = 0;
    let squares = 0;
    for (const x of embedding.get(CENTRED_SPECTRUM).eigenvalues) {
      sum += x;
      squares += x * x;
    }
    return (sum * sum) / squares;
  },
});
