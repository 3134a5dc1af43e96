import { z } from 'zod';
import { count, horizons, measured, metricId, remark } from './measured-schema.js';
import { alert, diagnosisLabel, reportError, reportRule, reportWarning } from './schema.js';

/** What shapes the numbers of a step. Records of a run with different fingerprints are not judged together. */
export const fingerprint = z.looseObject({
  metrics: z.array(metricId),
  klReg: z.enum(['auto', 'computed', 'none', 'supplied']),
  klFrom: z.enum(['target', 'prediction']),
  pairwise: z.string().describe('auto, exact or sample:PAIRS, as asked'),
  seed: z.int(),
  mask: z.literal('none').exactOptional().describe('masks were ignored'),
  maskKeeps: z.literal([0, 1]).exactOptional().describe('the value that keeps a row, as asked'),
  perStepAxis: z.int().exactOptional().describe('the axis of horizons, as asked'),
  sampleAxis: z.int().exactOptional().describe('the axis of the samples, as asked'),
});

export const stepRecord = z
  .object({
    type: z.literal('step'),
    schemaVersion: z.literal(1),
    run: z.string(),
    ...measured,
    remarks: z
      .array(remark)
      .exactOptional()
      .describe('of the arrays of this step; absent where there are none'),
    positions: horizons
      .exactOptional()
      .describe('a few metrics at each index of a short axis that nobody named: they only warn'),
    digest: z
      .string()
      .exactOptional()
      .describe('of the values of the prediction: the same where they are identical to the last bit'),
    verdict: z
      .object({
        judged: z.boolean(),
        diagnosis: diagnosisLabel.exactOptional(),
        alerts: z.array(alert),
      })
      .exactOptional()
      .describe('what the rules of check, gate or watch said of it; gate judges anew and leaves it unread'),
    fingerprint,
  })
  .refine(({ rows, measuredElsewhere }) => rows > 0 || measuredElsewhere !== undefined, {
    path: ['rows'],
    error: 'a step that was measured has rows',
  })
  .refine(({ dims, measuredElsewhere }) => dims > 0 || measuredElsewhere !== undefined, {
    path: ['dims'],
    error: 'a step that was measured has dimensions',
  });

export const errorRecord = reportError.extend({ type: z.literal('error') });
export const warningRecord = reportWarning.extend({ type: z.literal('warning') });
export const summaryRecord = z.object({
  type: z.literal('summary'),
  runs: count,
  steps: count,
  errors: count,
});

export const measureRecord = z.discriminatedUnion('type', [
  stepRecord,
  errorRecord,
  warningRecord,
  summaryRecord,
]);

/** What a verdict depends on beside the records: remembered verdicts hold only for the same. */
export const judging = z.object({
  rules: z.array(reportRule.pick({ id: true, expression: true, level: true, quiet: true })),
  after: z.int().nonnegative().nullable(),
  logEverySteps: z.int().positive(),
  reference: z.string().exactOptional().describe('hash of what --reference holds'),
  initialPairwisePredDistMean: z.number().nonnegative().nullable(),
});

/** What a state file holds between its checksum and its end. */
export const state = z.object({
  judging,
  runs: z.array(z.object({ run: z.string(), records: z.array(stepRecord) })),
});
