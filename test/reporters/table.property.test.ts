import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { table } from '#reporters/terminal/table.js';
import type { RenderOptions, ReportDocument } from '#reporters/view/define-reporter.js';
import { documentOf, SAMPLES, stepRecord } from './sample-reports.js';

const ESCAPE = '\u001b';
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const value = fc.oneof(
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e308, -1e308, 5e-324, 1e-5, 99999.5),
);
const metrics = fc.record({
  pred_cos_mean: value,
  pred_l2_mean: value,
  target_var_per_dim: value,
  pred_var_per_dim: value,
  pred_target_corr: value,
  pairwise_pred_dist_mean: value,
  kl_reg: value,
});
const records = fc
  .tuple(
    name,
    name,
    fc.uniqueArray(fc.tuple(fc.nat(), metrics), { selector: ([step]) => step, maxLength: 30 }),
  )
  .map(([run, note, steps]) => steps.map(([step, own]) => stepRecord(step, { run, notes: [note] }, own)));
const documents: fc.Arbitrary<ReportDocument> = fc
  .tuple(records, name, name)
  .map(([steps, path, message]) =>
    documentOf([...steps, { type: 'error', code: 'E204', path, message, run: path, step: 1 }]),
  );
const options = fc.record<RenderOptions>({
  color: fc.boolean(),
  ascii: fc.boolean(),
  quiet: fc.boolean(),
  verbose: fc.boolean(),
  width: fc.integer({ min: 60, max: 220 }),
  now: fc.constant(0),
});

/** All lines but the command to paste, which must stay whole. */
function withoutCommand(text: string): string[] {
  return text.split('\n').filter((line) => !line.startsWith('collapse '));
}

describe('the table, whatever the names and numbers', () => {
  it('is never wider than the width, paints only in colour, and keeps to ASCII', () => {
    fc.assert(
      fc.property(documents, options, (document, render) => {
        const text = table(document, render);
        expect(text.endsWith('\n')).toBe(true);
        for (const line of withoutCommand(text)) expect(stringWidth(line)).toBeLessThanOrEqual(render.width);
        if (!render.color) expect(text).not.toContain(ESCAPE);
        if (render.ascii) expect(text.replaceAll(ESCAPE, '')).toMatch(/^[\x20-\x7e\n]*$/);
        const plain = text.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '');
        expect(plain).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 150 },
    );
  });

  it('holds more than 30 metrics at any width', () => {
    for (let width = 60; width <= 200; width++) {
      const text = table(SAMPLES['many-metrics'], {
        color: true,
        ascii: false,
        quiet: false,
        verbose: true,
        now: 0,
        width,
      });
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

describe('an error block', () => {
  it('lets no control character of a message through', () => {
    fc.assert(
      fc.property(name, name, name, (message, path, hint) => {
        const block = formatError({ code: 'E204', message, path, hint, step: 3 }, { color: false });
        expect(block.split('\n')).toHaveLength(4);
        expect(block).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
        expect(formatWarning({ message, path }, { color: false }).split('\n')).toHaveLength(3);
      }),
    );
  });
});
