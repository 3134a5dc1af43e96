import { z } from 'zod';
import { METRIC_IDS } from '#metrics/ids.js';
import { klRegSource } from './measured-schema.js';

const metricId = z.enum(METRIC_IDS);
const count = z.int().positive();

/** What must be the same for numbers of two runs to be comparable. */
export const identity = z.object({
  definitions: z.int().positive().describe('raised where a metric gives other numbers of the same arrays'),
  dims: count,
  rows: z.object({ least: count, most: count }).describe('over all steps'),
  axes: count.nullable().describe('of the stored predictions; null where the records do not say'),
  role: z.enum(['pairs', 'embeddings']),
  klReg: klRegSource.describe('where kl_reg came from'),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.number())]))
    .describe('of the measurement: what shapes the numbers, as asked'),
});

export const normalRun = z
  .object({
    run: z.string(),
    hash: z.string().describe('of the steps and values below'),
    steps: z.array(z.number().nonnegative()).min(2),
    errors: z
      .partialRecord(metricId, z.number().nonnegative())
      .describe('standard errors of metrics that were sampled, the largest of the run'),
    metrics: z
      .partialRecord(metricId, z.array(z.number().nullable()))
      .describe('seven digits; null: no value'),
  })
  .refine(
    ({ steps, metrics }) => Object.values(metrics).every(({ length }) => length === steps.length),
    'a metric has more or fewer values than there are steps',
  )
  .refine(({ steps }) => steps.every((step, i) => i === 0 || steps[i - 1]! < step), 'steps must ascend');

/** What `collapse calibrate` writes. */
export const normal = z.object({
  type: z.literal('embedding-collapse normal'),
  version: z.literal(1),
  tool: z.object({ name: z.literal('embedding-collapse'), version: z.string() }),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .describe('a further run of the same recipe is outside with at most this probability'),
  identity,
  cadence: z.number().positive().describe('the steps between two saved ones, in the middle'),
  metrics: z.array(metricId).min(1).describe('what is judged, or only shown where it has no bad direction'),
  runs: z.array(normalRun).min(2),
});
