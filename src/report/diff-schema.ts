import { z } from 'zod';
import { METRIC_IDS } from '#metrics/ids.js';
import {
  alert,
  diagnosisLabel,
  reportError,
  reportRule,
  reportWarning,
  runReference,
  status,
} from './schema.js';

const metricId = z.enum(METRIC_IDS);
const stepNumber = z.number().nonnegative();

const side = z.object({
  path: z.string().describe('as the user named it'),
  runs: z.int().positive().describe('more than one: a normal, whose median is compared'),
  status: status
    .exactOptional()
    .describe('its own verdict by the presets, and by the normal beside it; absent of a normal'),
  diagnosis: diagnosisLabel.exactOptional(),
  reference: runReference
    .pick({ p: true, since: true, by: true })
    .exactOptional()
    .describe('whether it is outside of the normal beside it'),
});

export const metricDiff = z.object({
  metric: metricId,
  change: z
    .enum(['worse', 'differs', 'same', 'better'])
    .describe('beyond two standard deviations of the noise; differs: collapse has no direction in it'),
  a: z.number().describe('at the last step that both have'),
  b: z.number(),
  ratio: z.number().nullable().describe('b / a; null where a is 0 or the signs differ'),
  deviation: z.number().describe('in standard deviations of the noise, above 0 where b is worse'),
  worstStep: stepNumber,
  values: z.array(z.object({ step: stepNumber, a: z.number(), b: z.number() })),
});

/** What `collapse diff --json` prints. */
export const diff = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('embedding-collapse'), version: z.string() }),
  exitCode: z.int(),
  exitReason: z.string(),
  a: side,
  b: side,
  steps: z.array(stepNumber).describe('of b, at which a metric was compared'),
  metrics: z.array(metricDiff).describe('worst first'),
  notCompared: z.array(z.object({ metric: metricId, reason: z.string() })),
  rules: z.array(reportRule).describe("the user's own, which alone decide"),
  alerts: z.array(alert.extend({ step: stepNumber.nullable() })),
  errors: z.array(reportError),
  warnings: z.array(reportWarning),
});
