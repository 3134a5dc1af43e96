import type { StepRecord } from '#report/record.js';

/** A step as `measure` records it: healthy unless told otherwise. */
export function makeRecord(parts: Partial<StepRecord> = {}): StepRecord {
  return {
    type: 'step',
    schemaVersion: 1,
    run: 'run',
    step: 100,
    rows: 256,
    dims: 32,
    inputs: {},
    klRegSource: 'supplied',
    unavailable: {},
    estimates: {},
    notes: [],
    fingerprint: { metrics: ['kl_reg'], klReg: 'auto', klFrom: 'target', pairwise: 'exact', seed: 0 },
    ...parts,
    metrics: {
      target_var_per_dim: 1,
      pred_var_per_dim: 1,
      pairwise_pred_dist_mean: 8,
      kl_reg: 1,
      ...parts.metrics,
    },
  };
}
