import type { StepDerived } from '#numerics/matrix/step-view.js';
import { STRAIGHTNESS } from '#numerics/positions/straightness.js';
import { defineMetric } from '../define-metric.js';
import { orReason } from '../or-reason.js';

/** Of the target, or of embeddings alone. */
const OF_TARGET: StepDerived<number | string> = {
  name: 'straightness of the target',
  reads: [],
  needs: {},
  alsoNeeds: ({ target }) => ({ [target === null ? 'prediction' : 'target']: [STRAIGHTNESS] }),
  from: ({ target, prediction }) => (target ?? prediction).get(STRAIGHTNESS),
};

/** How straight the path of a sample is over time: 1 for lines, −1/2 for independent rows. */
export const temporalStraightness = defineMetric({
  id: 'temporal_straightness',
  title: 'Temporal straightness of targets',
  unit: 'unitless',
  collapse: null,
  range: '[-1, 1]',
  definition:
    'of [samples, time, dims]: mean over samples and times of cos(t_{i+1} − t_i, t_{i+2} − t_{i+1}); of embeddings alone theirs',
  edge: 'null for two axes and for more than three, for fewer than three times, and where nothing moves; a difference of 0 counts as 0; a mask leaves out what it interrupts',
  sees: ['complete collapse', 'dimensional collapse'],
  detects:
    'latents that jump or turn back from one time to the next: noise alone, as a collapse may leave, gives −1/2; a single direction gives 1 or −1 at each time',
  blindTo: 'speed; positions that are no time say nothing',
  source: 'LeWM; after Hénaff et al., Perceptual straightening, 2019',
  needsTarget: false,
  needs: { step: [OF_TARGET] },
  compute: (batch) => orReason(batch.get(OF_TARGET)),
});
