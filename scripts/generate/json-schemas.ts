import { z } from 'zod';
import { ERROR_CODES } from '#errors.js';
import { METRIC_IDS } from '#metrics/ids.js';
import { configJsonSchema } from '#options/config/config-schema.js';
import { diff } from '#report/diff-schema.js';
import { inspection } from '#report/inspection-schema.js';
import { normal } from '#report/normal-schema.js';
import { measureRecord } from '#report/record-schema.js';
import { report } from '#report/schema.js';

const TITLES = {
  'report.schema.json': 'What `collapse check --json` and `collapse gate --json` print',
  'record.schema.json': 'One line of `collapse measure`',
  'inspection.schema.json': 'What `collapse inspect --json` prints',
  'diff.schema.json': 'What `collapse diff --json` prints',
  'normal.schema.json': 'What `collapse calibrate` writes',
};

/** The published schemas by file name. Readers must accept fields they do not know: a version may add some. */
export function jsonSchemas(): Record<keyof typeof TITLES | 'config.schema.json', string> {
  return {
    'report.schema.json': text(report, TITLES['report.schema.json']),
    'record.schema.json': text(measureRecord, TITLES['record.schema.json']),
    'inspection.schema.json': text(inspection, TITLES['inspection.schema.json']),
    'diff.schema.json': text(diff, TITLES['diff.schema.json']),
    'normal.schema.json': text(normal, TITLES['normal.schema.json']),
    'config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  };
}

function text(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => open(jsonSchema),
  });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}

/** Ids that a later release may add to within the same schema version. */
const GROWING: ReadonlySet<unknown> = new Set([...METRIC_IDS, ...Object.keys(ERROR_CODES)]);

/** Turns closed lists of such ids into examples and named properties, so that an added one breaks no reader. */
function open(schema: z.core.JSONSchema.BaseSchema): void {
  const { propertyNames, additionalProperties, enum: values } = schema;
  if (values?.every((value) => GROWING.has(value))) {
    delete schema.enum;
    schema.examples = [...values];
  }
  if (typeof propertyNames === 'object' && propertyNames.examples !== undefined && additionalProperties) {
    delete schema.propertyNames;
    delete schema.additionalProperties;
    const names = propertyNames.examples.map((name) => [String(name), additionalProperties]);
    Object.assign(schema, { properties: Object.fromEntries(names), additionalProperties });
  }
}
