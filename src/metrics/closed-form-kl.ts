import { KL_TO_STANDARD_NORMAL } from '#numerics/gaussian/kl-divergence.js';
import type { Batch, StepDerived } from '#numerics/matrix/step-view.js';
import type { Unavailable } from './define-metric.js';

/** Why there is no closed form of a step that is read in blocks: its spectrum spans more than float64 resolves. */
export const DROWNED =
  'the determinant of the covariance is lost in rounding, and its rows are too many to be held';

/** kl_reg's closed form where the batch asks for it, else null. */
export const CLOSED_FORM: StepDerived<number | Unavailable | null> = {
  name: 'closed form of kl_reg',
  reads: [],
  needs: {},
  alsoNeeds: (batch) => (isComputed(batch) ? { [batch.klFrom]: [KL_TO_STANDARD_NORMAL] } : {}),
  from: (batch) => {
    if (!isComputed(batch)) return null;
    const view = batch[batch.klFrom];
    if (view === null) return { unavailable: 'needs a target' };
    const kl = view.get(KL_TO_STANDARD_NORMAL);
    return Number.isNaN(kl) ? { unavailable: DROWNED } : kl;
  },
};

function isComputed({ klReg }: Batch): boolean {
  return klReg === 'computed';
}
