import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { json } from '#reporters/machine/json.js';
import { ndjson } from '#reporters/machine/ndjson.js';
import { jsonSchemas } from '../../scripts/generate/json-schemas.js';
import { SAMPLES, type SampleName } from '../reporters/sample-reports.js';

const OPTIONS = { color: false, ascii: true, quiet: false, verbose: false, width: 80, now: 0 };
const schemas = jsonSchemas();
const ajv = new Ajv2020({ allErrors: true });
const validateReport = ajv.compile(JSON.parse(schemas['report.schema.json']));
const validateRecord = ajv.compile(JSON.parse(schemas['record.schema.json']));
// Their metrics are not in the registry: a table must bear them, a report never holds them.
const valid = (Object.keys(SAMPLES) as SampleName[]).filter((name) => name !== 'many-metrics');

describe('the published schemas', () => {
  it.each(Object.entries(schemas))('%s is as generated: run `npm run schema`', (name, text) => {
    expect(readFileSync(`schema/${name}`, 'utf8')).toBe(text);
  });

  it.each(valid)('accept the JSON report of %s', (name) => {
    validateReport(JSON.parse(json(SAMPLES[name], OPTIONS).toString()));
    expect(validateReport.errors).toBeNull();
  });

  it.each(valid)('accept every record of %s', (name) => {
    for (const line of ndjson(SAMPLES[name], OPTIONS).toString().split('\n').filter(Boolean)) {
      validateRecord(JSON.parse(line));
      expect(validateRecord.errors).toBeNull();
    }
  });

  it.each([
    ['a status of its own', { status: 'fine' }],
    ['a number that is no number', { exitCode: null }],
    ['no runs', { runs: undefined }],
  ])('refuse a report with %s', (_, damage) => {
    expect(validateReport({ ...SAMPLES.healthy.report, ...damage })).toBe(false);
  });

  it('refuse a record with a value that is text', () => {
    const [record] = SAMPLES.healthy.records;
    expect(validateRecord({ ...record, metrics: { kl_reg: '3' } })).toBe(false);
  });
});
