import { describe, expect, it } from 'vitest';
import { InputError } from '#errors.js';
import { parseMeasureRecord } from '#report/parse-record.js';
import { stepRecord } from '../reporters/sample-reports.js';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('parseMeasureRecord', () => {
  it.each([
    ['step', stepRecord(100)],
    ['error', { type: 'error', code: 'E203', message: 'cut', path: 'a.npy', step: 5 }],
    ['warning', { type: 'warning', message: 'ignored', path: 'notes.txt' }],
    ['summary', { type: 'summary', runs: 1, steps: 1, errors: 0 }],
  ])('gives back a %s record', async (_, record) => {
    expect(await parseMeasureRecord(asJson(record))).toEqual(record);
  });

  it('keeps settings it does not know, because they too must agree', async () => {
    const record = stepRecord(100);
    const later = { ...record, fingerprint: { ...record.fingerprint, later: 1 } };
    expect(await parseMeasureRecord(later)).toEqual(later);
  });

  const step = stepRecord(100);
  const wrong: [string, unknown, string][] = [
    ['null', null, ''],
    ['a number', 5, ''],
    ['an array', [], ''],
    ['no type', {}, 'type'],
    ['another type', { type: 'steps' }, 'type'],
    ['a step as text', { ...step, step: '100' }, 'step'],
    ['a step below zero', { ...step, step: -1 }, 'step'],
    ['no rows', { ...step, rows: 0 }, 'rows'],
    ['a metric as text', { ...step, metrics: { kl_reg: 'high' } }, 'metrics.kl_reg'],
    ['NaN', { ...step, metrics: { kl_reg: Number.NaN } }, 'metrics.kl_reg'],
    ['a metric nobody knows', { ...step, metrics: { score: 1 } }, 'metrics'],
    ['another schema', { ...step, schemaVersion: 2 }, 'schemaVersion'],
    [
      'a shape of halves',
      { ...step, inputs: { prediction: { path: 'p', dtype: '<f4', shape: [2, 0.5] } } },
      'inputs.prediction.shape.1',
    ],
    ['a code nobody knows', { type: 'error', code: 'E999', message: '' }, 'code'],
  ];
  it.each(wrong)('names the field: %s', async (_, value, field) => {
    const error: unknown = await parseMeasureRecord(value).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: 'E231', fields: { field } });
    expect((error as InputError).message.startsWith(field === '' ? 'the record: ' : `${field}: `)).toBe(true);
  });
});
