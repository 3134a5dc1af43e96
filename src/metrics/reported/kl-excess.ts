import { klRegNull } from '#numerics/gaussian/kl-null.js';
import { CLOSED_FORM } from '../closed-form-kl.js';
import { defineMetric } from '../define-metric.js';

/** The closed-form kl_reg less what a healthy N(0, I) batch of this size shows: such batches give 0 in expectation. */
export const klExcess = defineMetric({
  id: 'kl_excess',
  title: 'KL regulariser above its finite-batch value',
  unit: 'nats',
  collapse: 'high',
  range: '(-∞, ∞)',
  definition: 'kl_reg − ½(D ln(N/2) − Σ_{i=1..D} ψ((N − i)/2)), of the closed form',
  edge: 'null for N ≤ D, and where kl_reg was supplied or not asked for: only the closed form has this expectation',
  sees: ['complete collapse', 'dimensional collapse'],
  detects: 'embeddings leaving N(0, I), whatever the batch size',
  blindTo: 'health: a real encoder is far from N(0, I) without being collapsed',
  source: 'this project; the expectation of ln det of a Wishart matrix',
  needsTarget: false,
  needs: { step: [CLOSED_FORM] },
  compute: (batch) => {
    if (batch.klReg === null) return { unavailable: 'no kl_reg was asked for' };
    if (batch.klReg !== 'computed') return { unavailable: 'kl_reg was supplied, not computed' };
    const { rows, cols } = batch;
    if (batch[batch.klFrom] === null) return { unavailable: 'needs a target' };
    const expected = klRegNull(rows, cols);
    if (expected === null) return { unavailable: `needs more than ${cols} rows` };
    const kl = batch.get(CLOSED_FORM);
    return typeof kl === 'number' ? kl - expected : kl!;
  },
});
