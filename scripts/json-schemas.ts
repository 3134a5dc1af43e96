import { z } from 'zod';
import { configJsonSchema } from '../src/options/config-schema.js';
import { measureRecord, report } from '../src/report/schema.js';

const TITLES = {
  'report.schema.json': 'What `collapse check --json` and `collapse gate --json` print',
  'record.schema.json': 'One line of `collapse measure`',
};

/** The published schemas by file name. Readers must accept fields they do not know: a version may add some. */
export function jsonSchemas(): Record<keyof typeof TITLES | 'config.schema.json', string> {
  return {
    'report.schema.json': text(report, TITLES['report.schema.json']),
    'record.schema.json': text(measureRecord, TITLES['record.schema.json']),
    'config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  };
}

function text(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
