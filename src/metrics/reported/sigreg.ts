import { SIGREG } from '#numerics/gaussian/sigreg.js';
import { defineSideMetric } from '../define-side-metric.js';

/** SIGReg of LeJEPA on 1024 seeded slices: N(0, I) gives 1.0525 in expectation, zeros 0.402·N. */
export const sigregOf = defineSideMetric({
  name: 'sigreg',
  title: 'SIGReg',
  unit: 'unitless',
  collapse: 'high',
  range: '[0, ∞)',
  definition:
    'N · mean over 1024 random unit slices of Σ_k w_k [(mean cos t_k s − φ_k)² + (mean sin t_k s)²], t = 17 knots on [0, 3], φ = exp(−t²/2), w = 2φ·3/16 with halved ends; slices from Philox 4×32-10, Box–Muller, seed 0',
  edge: 'null for one row, and where a projection passes 1e8; all zeros give 0.402·N',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'any departure from N(0, I): collapse, and scale that is wrong either way',
  blindTo: 'health: an embedding that was never meant to be N(0, I) scores high while nothing is wrong',
  source: 'Balestriero & LeCun, LeJEPA, arXiv 2511.08544',
  dependsOnRows: true,
  requires: 'two rows',
  needs: [SIGREG],
  compute: (embedding) => {
    const value = embedding.get(SIGREG);
    return Number.isNaN(value) ? { unavailable: 'a row projects beyond 1e8: its phase is rounding' } : value;
  },
});
