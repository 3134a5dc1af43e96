import { z } from 'zod';
import { reportRule, stepRecord } from './schema.js';

/** What a verdict depends on beside the records: remembered verdicts hold only for the same. */
export const judging = z.object({
  rules: z.array(reportRule),
  after: z.int().nonnegative().nullable(),
  logEverySteps: z.int().positive(),
  initialPairwisePredDistMean: z.number().nonnegative().nullable(),
});

export const stateBody = z.object({
  judging,
  runs: z.array(z.object({ run: z.string(), records: z.array(stepRecord) })),
});
