import { z } from 'zod';
import { METRIC_IDS } from '#metrics/ids.js';

/** What is measured of a step, as records and reports have it. */

export const step = z
  .number()
  .nonnegative()
  .nullable()
  .describe('null for a single unnumbered step; a fraction where names write one: epoch_0.5');
export const path = z.string().describe('as the user named it');
export const count = z.int().nonnegative();
export const metricId = z.enum(METRIC_IDS);

const stored = {
  path,
  key: z.string().exactOptional().describe('the array or column inside the file'),
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).describe('as stored, before leading axes were flattened'),
};

export const inputPart = z.object({ ...stored, rank: z.int().nonnegative() });

export const input = z.object({
  ...stored,
  parts: z
    .array(inputPart)
    .exactOptional()
    .describe(
      'one a rank, joined by rows in this order; path is then that of the first, shape that of the whole',
    ),
});

export const klRegSource = z.enum(['supplied', 'computed']).nullable();

export const estimate = z.object({
  method: z.literal('sampled'),
  pairs: z.int().positive(),
  standardError: z.number().nonnegative().describe("in the metric's unit"),
});

const shares = z
  .array(z.number().min(0).max(1))
  .describe('of the variance, largest first, six digits; 0 where rounding could be all there is');

export const spectra = z.object({
  ranks: z
    .array(z.int().positive())
    .describe('from 1; of more than 64 a selection, spaced by ratio, with the first and the last'),
  prediction: shares.exactOptional().describe('absent where all rows are the same'),
  target: shares.exactOptional(),
  isotropic: shares.describe('of N(0, I) with as many rows and dimensions, by the Marchenko–Pastur law'),
});

const MOST_POINTS = 200;
const points = z
  .string()
  .regex(/^[A-Za-z0-9+/]*={0,2}$/)
  .max(4 * Math.ceil((4 * MOST_POINTS) / 3))
  .describe('x, y of each row as little-endian int16 in base64; a coordinate is int16 / 32767 · scale');

const MOST_PAIRED = 40;
const paired = z
  .string()
  .regex(/^[A-Za-z0-9+/]*={0,2}$/)
  .max(4 * Math.ceil((MOST_PAIRED * (MOST_PAIRED - 1)) / 6))
  .describe('by row the pairs with those after it, int8 / 127 in base64; -128 where a row is 0');

const cosines = z
  .object({
    rows: z.int().min(2).max(MOST_PAIRED).describe('how many, those of one label beside each other'),
    target: paired.describe('of embeddings alone: theirs'),
    prediction: paired.exactOptional(),
  })
  .refine(
    ({ rows, target, prediction = target }) =>
      [target, prediction].every(({ length }) => length === 4 * Math.ceil((rows * (rows - 1)) / 6)),
    { error: 'cosines are not as many as pairs' },
  );

export const projection = z
  .object({
    rows: z.int().positive().max(MOST_POINTS).describe('how many are shown, the same at steps of equal N'),
    share: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]).describe('of the variance, by axis'),
    scale: z.number().nonnegative().describe('the largest coordinate'),
    target: points.describe('of embeddings alone: theirs'),
    prediction: points.exactOptional().describe("about the target's centre, in the target's plane"),
    labels: z.array(z.string().max(64)).exactOptional().describe('of the rows, where a label array is given'),
    cosines: cosines.exactOptional().describe('of all pairs of some of the rows'),
  })
  .refine(
    ({ rows, target, prediction = target, labels }) =>
      [target, prediction].every(({ length }) => length === 4 * Math.ceil((4 * rows) / 3)) &&
      (labels === undefined || labels.length === rows),
    { error: 'points or labels are not as many as rows' },
  );

export const horizonNumber = z.int().positive();

export const horizons = z
  .object({
    axis: z.int().nonnegative().describe('of the stored prediction, counted from 0'),
    size: z.int().positive().describe('horizons that the axis has'),
    numbers: z
      .array(horizonNumber)
      .min(1)
      .describe('the horizons that were measured, from 1 on, ascending; all lists here are in this order'),
    rows: z.array(z.int().nonnegative()),
    metrics: z.partialRecord(metricId, z.array(z.number().nullable())),
    unavailable: z.partialRecord(
      metricId,
      z.array(z.object({ reason: z.string(), horizons: z.array(horizonNumber) })),
    ),
    estimates: z
      .partialRecord(metricId, z.array(estimate.nullable()))
      .describe('null where the value is exact'),
  })
  .refine(
    ({ numbers, rows, metrics, estimates }) =>
      [rows, ...Object.values(metrics), ...Object.values(estimates)].every(
        ({ length }) => length === numbers.length,
      ),
    { error: 'a list has another length than numbers' },
  )
  .describe('the same metrics of the rows of each horizon by themselves (--per-step-axis)');

export const marks = {
  branch: z
    .string()
    .exactOptional()
    .describe('which pair of several a step: video, layer4; it stands in the name of the run too'),
  stepsFrom: z
    .string()
    .exactOptional()
    .describe('from what the steps were read, where no word such as step_500 says it'),
  measuredElsewhere: z
    .object({
      path,
      columns: z.partialRecord(metricId, z.string()).describe('the column that a metric was read from'),
    })
    .exactOptional()
    .describe('the values were logged by other software and not measured by this tool'),
};
export const remark = z
  .object({
    id: z.string(),
    message: z.string(),
    step: step.describe('the first step that it is said of'),
  })
  .describe('what no metric sees and a person should; it changes no exit code');

export const measured = {
  step,
  ...marks,
  byHand: z
    .literal(true)
    .exactOptional()
    .describe('the only step of its run, given by itself: two files, the directory of a step, one array'),
  role: z
    .literal('embeddings')
    .exactOptional()
    .describe("one array and no target: its metrics, pred_*, are an encoder's"),
  rows: count.describe('N, samples; 0 where they were measured elsewhere and nobody said'),
  dims: count.describe('D, dimensions; 0 likewise'),
  inputs: z
    .record(z.string(), input)
    .describe('by role: prediction, target, and context and mask where they were used'),
  metrics: z
    .partialRecord(metricId, z.number().nullable())
    .describe('null where a metric has no value; the reason is under unavailable'),
  klRegSource,
  unavailable: z.partialRecord(metricId, z.string()),
  estimates: z.partialRecord(metricId, estimate).describe('metrics that were sampled, not exact'),
  horizons: horizons.exactOptional(),
  notes: z
    .array(z.string())
    .describe('what was done to the inputs, such as flattened axes, and which verdicts sampling leaves open'),
  spectra: spectra
    .exactOptional()
    .describe(
      'where asked for: the variance along the principal directions; changes no other number, so no fingerprint',
    ),
  projection: projection
    .exactOptional()
    .describe('where asked for: some rows in the plane of the first two principal components of the target'),
};
