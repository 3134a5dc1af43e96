import { assert, constantFrom, double, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMeasureRecord } from '#report/parse-record.js';
import type { MeasureRecord } from '#report/record.js';
import { json } from '#reporters/machine/json.js';
import { jsonText } from '#reporters/machine/json-text.js';
import { ndjson } from '#reporters/machine/ndjson.js';
import { documentOf, stepRecord } from './sample-reports.js';

const PLAIN = { color: false, width: 80, ascii: false, quiet: false, verbose: false, now: 0 };

describe('json', () => {
  it('reads back as the report, whatever the numbers and bounds', () => {
    // From 0 on: the sign of -0 is lost in JSON.
    const value = option(double({ min: 0, noNaN: true, noDefaultInfinity: true }));
    const bound = constantFrom(Number.MIN_VALUE, 0.5, 10, Number.MAX_VALUE);
    const metrics = record({
      target_var_per_dim: value,
      pred_var_per_dim: value,
      pairwise_pred_dist_mean: value,
      kl_reg: value,
    });
    const check = (
      values: Parameters<typeof stepRecord>[2],
      predVarToTargetVar: number,
      klRegMax: number,
    ) => {
      const records = [stepRecord(100), stepRecord(200, {}, values)];
      const document = documentOf(records, { predVarToTargetVar, klRegMax });
      // Infinity and NaN would come back as null.
      expect(JSON.parse(json(document, PLAIN).toString())).toEqual(document.report);
    };
    assert(property(metrics, bound, bound, check));
  });

  it.each([501, 1000, 1203])('of %i steps, which are written in pieces, is the same text', (count) => {
    const steps = Array.from({ length: count }, (_, i) => stepRecord(100 * (i + 1)));
    const other = { ...stepRecord(100), run: 'other\n      "steps": [\n        null\n      ]##[' };
    const none: MeasureRecord = { type: 'error', code: 'E301', run: 'none', message: 'no steps found' };
    const document = documentOf([...steps, none, other]);
    expect(document.report.runs.map((run) => run.steps.length)).toEqual([count, 0, 1]);
    expect(json(document, PLAIN).toString()).toBe(`${jsonText(document.report, 2)}\n`);
  });

  it('is the same whatever the terminal', () => {
    const document = documentOf([stepRecord(100)]);
    const elsewhere = { color: true, width: 60, ascii: true, quiet: true, verbose: true, now: 1 };
    expect(json(document, elsewhere)).toBe(json(document, PLAIN));
  });
});

describe('ndjson', () => {
  const records: MeasureRecord[] = [
    stepRecord(100),
    { type: 'warning', message: 'notes.txt is ignored' },
    { type: 'error', code: 'E203', run: 'runs/exp1', message: 'line\nbreak\u2028' },
    { type: 'summary', runs: 1, steps: 1, errors: 1 },
  ];

  it('is one record a line that `gate` reads, without the warnings', async () => {
    const lines = ndjson(documentOf(records), PLAIN).toString().trimEnd().split('\n');
    const read = await Promise.all(lines.map((line) => parseMeasureRecord(JSON.parse(line))));
    expect(read).toEqual(records.filter(({ type }) => type !== 'warning'));
  });

  it('is nothing where nothing was measured', () => {
    expect(ndjson(documentOf([]), PLAIN)).toBe('');
  });
});
