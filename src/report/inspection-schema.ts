import { z } from 'zod';
import { reportError } from './schema.js';

/** The one source of the shape of `collapse inspect --json`; schema/inspection.schema.json is generated from it. */

const count = z.int().nonnegative();

const range = z.object({ min: z.number(), mean: z.number(), max: z.number() });

export const arrayValues = z
  .object({
    rows: count,
    cols: count.nullable().describe('null for one number a row'),
    finiteRows: count.describe('the rows that all the statistics are of: those without NaN and Inf'),
    nonFinite: z.object({
      nan: count,
      infinite: count,
      first: z.object({ row: count, column: count }).nullable(),
    }),
    elements: range.nullable().describe('null without a finite row'),
    rowNorms: range
      .nullable()
      .describe('Euclidean; null for one number a row, or where one does not fit in a float64'),
    variancePerDim: range
      .nullable()
      .describe(
        'population variance (ddof 0); null without a finite row, or where one does not fit in a float64',
      ),
    constantDims: count.nullable().describe('dimensions whose values are all the same'),
  })
  .describe('what --values read');

export const inspectedArray = z.object({
  key: z.string().nullable().describe('null for the only array of a format without names'),
  dtype: z.string(),
  shape: z.array(count.nullable()).describe('as stored; null where only the values tell'),
  order: z.enum(['C', 'F']),
  kind: z.enum(['matrix', 'vector', 'other']),
  compression: z.string().exactOptional(),
  role: z
    .string()
    .nullable()
    .describe('what it is taken for: prediction, target, context, mask, kl_reg, or step'),
  values: arrayValues.exactOptional(),
  error: reportError.exactOptional().describe('why --values could not read it'),
});

export const inspectedFile = z.object({
  path: z.string().describe('as the user named it'),
  bytes: count.nullable().describe('null where the file cannot be opened'),
  format: z.string().nullable().describe('null where it is not known or the file is damaged'),
  steps: z
    .object({ count, first: count, last: count })
    .nullable()
    .describe('null where neither names nor a step column tell one'),
  rank: count.nullable(),
  arrays: z.array(inspectedArray),
  metadata: z.array(z.object({ key: z.string(), role: z.string().nullable() })),
  notes: z.array(z.string()).describe('why an array has no role'),
  warnings: z.array(z.string()),
  error: reportError.exactOptional().describe('what is wrong with the file'),
});

export const inspection = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('embedding-collapse'), version: z.string() }),
  exitCode: z.int(),
  files: z.array(inspectedFile),
  errors: z.array(reportError).describe('all of them: of paths, files and arrays'),
});
