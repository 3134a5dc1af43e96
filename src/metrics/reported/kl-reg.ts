import { CLOSED_FORM } from '../closed-form-kl.js';
import { defineMetric } from '../define-metric.js';

/**
 * The regulariser's KL term: the number the training job supplied, or its closed form on this batch. On a healthy
 * batch of N(0, I) rows the closed form is `klRegNull(N, D)`, not 0.
 */
export const klReg = defineMetric({
  id: 'kl_reg',
  title: 'KL regulariser',
  unit: 'nats',
  collapse: 'high',
  range: '(-∞, ∞)',
  definition: 'supplied, or ½(‖μ‖² + tr Σ − ln det(Σ + εI) − D), Σ with ddof 0, ε = 1e-6',
  edge: 'for N ≤ D the covariance is singular and ε decides the closed form',
  sees: ['complete collapse', 'dimensional collapse'],
  detects: 'embeddings leaving N(0, I): low rank, lost scale, drifting means',
  blindTo: 'batch size: the closed form of a healthy batch grows with D and falls with N',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  dependsOnRows: true,
  needsTarget: false,
  needs: { step: [CLOSED_FORM] },
  compute: (batch) => {
    if (typeof batch.klReg === 'number') return batch.klReg;
    return batch.get(CLOSED_FORM) ?? { unavailable: 'no kl_reg was supplied' };
  },
});
