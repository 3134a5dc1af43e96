import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '#report/record.js';
import { documentOf, stepRecord } from '../reporters/sample-reports.js';

const read = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const acceptsReport = ajv.compile(JSON.parse(read('report.schema.json')));
const acceptsRecord = ajv.compile(JSON.parse(read('record.schema.json')));

const damaged: ErrorRecord = { type: 'error', code: 'E203', run: 'runs/exp1', message: 'cut' };

/** A document with what a later release of the same schema version may add. */
function later(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key === 'metrics' && !Array.isArray(value)) return { ...Object(value), pred_added_later: 12.5 };
    if (key === 'unavailable') return { ...Object(value), pred_added_later: 'target is constant' };
    if (key === 'code') return 'E299';
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isById = ['estimates', 'inputs', 'prediction', 'target'].includes(key);
    return isObject && !isById ? { ...value, addedLater: [1] } : value;
  });
}

describe('the published schemas leave room for what a release adds', () => {
  it('to a report: fields, metrics and error codes', () => {
    const report = later(documentOf([stepRecord(100, {}, { kl_reg: 50 }), damaged]).report);
    expect(JSON.stringify(report)).toContain('"E299"');
    acceptsReport(report);
    expect(acceptsReport.errors).toBeNull();
  });

  it('to a record', () => {
    for (const record of [stepRecord(100), damaged]) {
      acceptsRecord(later(record));
      expect(acceptsRecord.errors).toBeNull();
    }
  });

  it('and still hold added metrics to be numbers', () => {
    const record = stepRecord(100);
    const added = { ...record, metrics: { ...record.metrics, pred_added_later: 'high' } };
    expect(acceptsRecord(added)).toBe(false);
  });

  it.each(Object.keys(documentOf([]).report))('and refuse a report without %s', (field) => {
    const { [field]: _, ...rest } = { ...documentOf([stepRecord(100)]).report } as Record<string, unknown>;
    expect(acceptsReport(rest)).toBe(false);
  });

  it.each(Object.keys(stepRecord(100)))('and a step record without %s', (field) => {
    const { [field]: _, ...rest } = { ...stepRecord(100) } as Record<string, unknown>;
    expect(acceptsRecord(rest)).toBe(false);
  });
});
