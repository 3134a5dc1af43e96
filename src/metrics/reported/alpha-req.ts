import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { defineSideMetric } from '../define-side-metric.js';

const FIRST_RANK = 4;
const LAST_RANK = 100;

/** The exponent of the eigenvalues' decay: λ_i = i^−a gives a. Report only; no default rule judges it. */
export const alphaReq = defineSideMetric({
  name: 'alpha_req',
  title: 'α-ReQ',
  unit: 'unitless',
  collapse: null,
  range: '(-∞, ∞), in practice above 0',
  definition:
    '−slope of ln λ_i against ln i over ranks 4 … min(100, rank of the covariance), least squares with weights 1/i',
  edge: 'null below rank 5, for one row and for identical rows',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'how fast the spectrum decays: dimensional collapse is fast decay, whitening none',
  blindTo: 'the three largest eigenvalues, and scale; an N ≤ 100 batch bends the end of its range',
  source: "Agrawal et al., α-ReQ, NeurIPS 2022; range and weights are the authors' code's",
  requires: 'different rows',
  dependsOnRows: true,
  needs: [CENTRED_SPECTRUM],
  compute: (embedding) => {
    const { eigenvalues, rank } = embedding.get(CENTRED_SPECTRUM);
    if (Number.isNaN(eigenvalues[0])) return Number.NaN;
    if (rank <= FIRST_RANK) return { unavailable: `needs rank ${FIRST_RANK + 1}, and it is ${rank}` };
    const last = Math.min(LAST_RANK, rank);
    let weights = 0;
    let meanX = 0;
    let meanY = 0;
    for (let i = FIRST_RANK; i <= last; i++) {
      weights += 1 / i;
      meanX += Math.log(i) / i;
      meanY += Math.log(eigenvalues[i - 1]!) / i;
    }
    meanX /= weights;
    meanY /= weights;
    let xx = 0;
    let xy = 0;
    for (let i = FIRST_RANK; i <= last; i++) {
      const x = Math.log(i) - meanX;
      xx += (x * x) / i;
      xy += (x * (Math.log(eigenvalues[i - 1]!) - meanY)) / i;
    }
    return -xy / xx;
  },
});
