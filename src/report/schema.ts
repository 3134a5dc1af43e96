import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '#errors.js';
import { COLLAPSE_KIND_IDS } from '#metrics/ids.js';
import { count, horizonNumber, marks, measured, metricId, path, remark, step } from './measured-schema.js';

/**
 * The one source of the report's shape, with measured-schema.ts, and with record-schema.ts of the records': types.ts and
 * record.ts infer from them, the JSON Schemas in schema/ are generated from them, and `gate` validates records that it did
 * not make itself.
 */

const level = z.enum(['error', 'warn']);
const operator = z.enum(['<', '<=', '>', '>=']);
const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

export const status = z.enum(['ok', 'early', 'warning', 'alert', 'error', 'no-data']);

const finding = {
  criterion: z.string().describe("the rule's id"),
  metric: metricId,
  operator,
  value: z.number(),
  threshold: z.number().describe("in the metric's unit; for a relative rule the product"),
  level,
  horizon: horizonNumber.exactOptional().describe('of a rule over horizons: the one it is worst at'),
};

export const alert = z.object({ ...finding, message: z.string() });
export const held = z.object(finding);

export const skip = z.object({ criterion: z.string(), reason: z.string() });

export const diagnosisLabel = z.enum(['healthy', ...COLLAPSE_KIND_IDS, 'not enough data']);

export const diagnosis = z.object({
  label: diagnosisLabel,
  since: step.describe('the judged step from which on the label has been this one: it was confirmed there'),
  evidence: z.array(z.string()).describe('values against their bounds, in words'),
  horizon: horizonNumber
    .exactOptional()
    .describe('the first horizon that has collapsed, where the step as a whole has not'),
  began: step
    .exactOptional()
    .describe('of a collapse: the first judged step from which on the values had left what they had been'),
  lastGood: step
    .exactOptional()
    .describe('of a collapse: the newest judged step before it began without an alert; null: there is none'),
  recovered: step
    .exactOptional()
    .describe('of a collapse that the run came out of: the judged step that was free of it'),
  remedy: z.string().exactOptional().describe('of a kind of collapse: what helps'),
});

/** One metric at a step, beside a reference. */
export const comparedMetric = z.object({
  reference: z.number().describe('the median of its runs'),
  bound: z
    .number()
    .nullable()
    .describe(
      'the end of the band on the side where collapse lies, beyond which this metric alone is outside; null: it is not judged',
    ),
  deviation: z
    .number()
    .exactOptional()
    .describe(
      'how far the value is from the runs, in units of how far they are apart; above 0 where it is worse',
    ),
});

const level01 = z.number().min(0).max(1).nullable();

export const stepReference = z.object({
  p: level01.describe('of the run until this step'),
  lasts: z
    .int()
    .positive()
    .exactOptional()
    .describe('judged steps in a row, with this one, that the run is further away than the runs are'),
  metrics: z.partialRecord(metricId, comparedMetric),
});

export const runReference = z.object({
  p: level01.describe(
    'the smallest level at which the run is outside: 1 is like the others; null: one golden run has no level',
  ),
  since: step.describe('the first step at which a rule of what is outside alerts; null: none does'),
  by: z
    .array(metricId)
    .exactOptional()
    .describe('the fewest metrics that the run is outside by at that step, furthest first'),
  judged: count.describe('steps that were compared'),
  lastStep: z.number().describe('of the reference: beyond it nothing is compared'),
  notJudged: z
    .array(z.object({ metric: metricId, reason: z.string(), steps: count }))
    .describe('metrics of the reference that could not be compared, and at how many steps'),
});

export const reference = z.object({
  path,
  runs: z.int().positive(),
  alpha: level01.describe('a further run of the recipe is outside with at most this probability'),
});

export const reportStep = z.object({
  ...measured,
  judged: z.boolean(),
  notJudged: z.string().exactOptional().describe('why the step was measured and not judged'),
  diagnosis: diagnosisLabel.exactOptional(),
  horizonDiagnoses: z
    .array(diagnosisLabel)
    .exactOptional()
    .describe('of each horizon by itself, in the order of horizons.numbers'),
  alerts: z.array(alert),
  held: z.array(held).describe('criteria that were decided without an alert'),
  reference: stepReference
    .exactOptional()
    .describe('what the reference of --reference says of this step; absent where it says nothing'),
  waiting: z
    .array(z.string())
    .exactOptional()
    .describe('those of held that trip, and wait for more steps in a row'),
  skipped: z.array(skip),
});

export const baseline = z.object({
  step: step.describe('the step the distance came from; null where it was supplied or has no number'),
  pairwise_pred_dist_mean: z.number(),
  source: z.enum(['first step', 'flag', 'state']),
});

export const latest = z.object({
  step,
  stop: z.boolean().describe('an alert that fails the run by --fail-on, at this step'),
  level: level.nullable().describe('of the gravest alert; null without one'),
  messages: z.array(z.string()).describe('of its alerts'),
  diagnosis: diagnosisLabel.nullable(),
  metrics: measured.metrics,
});

export const reportRun = z.object({
  run: z.string(),
  ...marks,
  status,
  diagnosis: diagnosis
    .exactOptional()
    .describe('of the last judged step, or of a collapse that decides though the run recovered'),
  early: z
    .object({ judged: count, needed: z.int().positive(), reason: z.string() })
    .exactOptional()
    .describe('fewer steps are judged than the most patient of the deciding rules waits for'),
  undecided: z
    .array(skip)
    .exactOptional()
    .describe('deciding rules that nothing was skipped of, and that had no value at any step that counts'),
  baseline: baseline.nullable(),
  remarks: z.array(remark).exactOptional(),
  reference: runReference.exactOptional(),
  latest: latest
    .nullable()
    .exactOptional()
    .describe('the newest judged step in short, for who stops a job or logs it; null where none was'),
  steps: z
    .array(reportStep)
    .describe('those measured now; what --state remembers of earlier ones is in the verdict alone'),
});

export const excerpt = z
  .object({ text: z.string(), start: z.int().nonnegative(), end: z.int().nonnegative() })
  .describe("the user's own writing, and the characters of it that are wrong");

export const reportError = z.object({
  code: errorCode,
  message: z.string(),
  path: path.exactOptional(),
  run: z.string().exactOptional(),
  step: step.exactOptional(),
  excerpt: excerpt.exactOptional(),
  hint: z.string().exactOptional(),
});

export const reportWarning = reportError.omit({ code: true, excerpt: true, hint: true });

export const thresholds = z.object({
  pred_var_to_target_var: z.number().positive(),
  pairwise_to_initial: z.number().positive(),
  kl_reg_max: z.number().positive(),
});

export const reportRule = z.object({
  id: z.string(),
  expression: z.string(),
  level,
  metric: metricId.exactOptional().describe('what it rules on; absent in reports of 0.1'),
  at: z
    .union([z.literal('any horizon'), horizonNumber])
    .exactOptional()
    .describe('the horizons that it rules on; absent: the step as a whole'),
  preset: z.string().exactOptional().describe("absent for the user's own rules, and in reports of 0.1"),
  byDefault: z
    .literal(true)
    .exactOptional()
    .describe('it judges because no preset was named, and no flag asked for it'),
  quiet: z
    .literal(true)
    .optional()
    .describe('nobody asked for it: shown only where it alerts, and never skipped'),
});

export const summary = z.object({
  runs: count,
  steps: count,
  judged: count,
  alerts: count.describe('of level error'),
  warnings: count.describe('alerts of level warn'),
  skipped: count,
  errors: count,
});

export const report = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('embedding-collapse'), version: z.string() }),
  status,
  exitCode: z.int(),
  exitReason: z.string(),
  configuration: z
    .object({
      path,
      sets: z
        .array(z.string())
        .min(1)
        .describe(
          'keys that decide what is measured and judged; those that can loosen the verdict with their values',
        ),
    })
    .exactOptional()
    .describe('a configuration file that was found, not named, and that changed what the verdict means'),
  thresholds,
  reference: reference.exactOptional().describe('what --reference names'),
  rules: z.array(reportRule),
  runs: z.array(reportRun),
  errors: z.array(reportError),
  warnings: z.array(reportWarning),
  remarks: z
    .array(remark.extend({ run: z.string() }))
    .exactOptional()
    .describe('those of all runs; absent where there are none'),
  summary,
});
