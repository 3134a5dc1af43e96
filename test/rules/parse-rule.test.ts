import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#errors.js';
import { METRIC_IDS } from '#metrics/ids.js';
import { parseAnyRule, parseRule } from '#rules/language/parse-rule.js';
import { printRule } from '#rules/language/print-rule.js';
import type { Rule } from '#rules/language/rule.js';
import { cpuMs } from '../support/cpu-time.js';
import { usageErrorOf } from '../support/thrown.js';

const refusal = (text: string) => usageErrorOf(() => parseRule(text));

describe('parseRule', () => {
  it('reads the whole grammar', () => {
    expect(parseRule('pairwise_pred_dist_mean < 50% of baseline for 3 after 1000', 'warn')).toEqual({
      id: 'pairwise_pred_dist_mean < 50% of baseline for 3 after 1000',
      metric: 'pairwise_pred_dist_mean',
      operator: '<',
      factor: 0.5,
      of: 'baseline',
      forSteps: 3,
      after: 1000,
      level: 'warn',
      expression: 'pairwise_pred_dist_mean < 50% of baseline for 3 after 1000',
    });
  });

  it.each<[string, Partial<Rule>]>([
    ['kl_reg > 10', { operator: '>', factor: 10, of: null, forSteps: 1, after: null }],
    ['kl_reg>=-1.5e2', { operator: '>=', factor: -150 }],
    ['kl_reg<=+.5', { operator: '<=', factor: 0.5 }],
    ['kl_reg < -0', { factor: 0 }],
    ['pred_var_per_dim<7%of target_var_per_dim', { factor: 0.07, of: 'target_var_per_dim' }],
    ['pred_var_per_dim < 7 % of peak', { factor: 0.07, of: 'peak' }],
    ['kl_reg > 200% of previous after 0', { factor: 2, of: 'previous', after: 0 }],
    [' \tkl_reg\n<  3 for 1 ', { factor: 3, forSteps: 1 }],
    ['pred_r2 < 0 at any horizon for 2', { at: 'any horizon', forSteps: 2 }],
    ['pred_r2<50% of peak at  horizon 08 after 3', { of: 'peak', at: 8, after: 3 }],
  ])('%s', (text, parts) => {
    expect(parseRule(text)).toMatchObject(parts);
  });

  it('gives one rule one id, however it is spelled', () => {
    expect(parseRule('kl_reg>10.0 for 1').id).toBe('kl_reg > 10');
    expect(parseRule('kl_reg  > 1e1').id).toBe('kl_reg > 10');
  });
});

describe('what it refuses, and where the caret stands', () => {
  it.each([
    ['', '', /empty/, /METRIC OP NUMBER/],
    ['pred_vr_per_dim < 3', 'pred_vr_per_dim', /not a metric/, /did you mean pred_var_per_dim\?/],
    ['PRED-VAR-PER-DIM < 3', 'PRED-VAR-PER-DIM', /not a metric/, /did you mean pred_var_per_dim\?/],
    ['zzz < 3', 'zzz', /not a metric/, /METRIC OP NUMBER/],
    ['kl_reg', '', /operator and a number are missing/, /operators are/],
    ['kl_reg 3', '3', /not an operator/, /operators are/],
    ['kl_reg == 3', '==', /not an operator/, /operators are/],
    ['kl_reg =< 3', '=<', /not an operator/, /did you mean <=\?/],
    ['kl_reg ≥ 3', '≥', /not an operator/, /did you mean >=\?/],
    ['kl_reg <', '', /number is missing/, /METRIC OP NUMBER/],
    ['kl_reg < ten', 'ten', /not a number/, /METRIC OP NUMBER/],
    ['kl_reg < 0x10', '0x10', /not a number/, /METRIC OP NUMBER/],
    ['kl_reg < NaN', 'NaN', /not a number/, /METRIC OP NUMBER/],
    ['kl_reg < 1e999', '1e999', /float64/, /METRIC OP NUMBER/],
    ['pred_var_per_dim < target_var_per_dim', 'target_var_per_dim', /not a number/, /100% of target/],
    ['kl_reg < 0.5 of baseline', 'of', /needs a percentage/, /did you mean 50% of …\?/],
    ['kl_reg < 50%', '%', /needs 'of'/, /baseline, previous, peak/],
    ['kl_reg < 50% baseline', '%', /needs 'of'/, /baseline, previous, peak/],
    ['kl_reg < 50% of', '', /is missing/, /baseline/],
    ['kl_reg < 50% of basline', 'basline', /neither baseline/, /did you mean baseline\?/],
    ['kl_reg < 3 for', '', /'for' needs/, /METRIC OP NUMBER/],
    ['kl_reg < 3 for 0', '0', /1 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 for 1.5', '1.5', /1 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 after -1', '-1', /0 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 after 9007199254740993', '9007199254740993', /0 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 at', '', /'at' needs 'horizon'/, /at any horizon/],
    ['kl_reg < 3 at any', '', /'at any' needs 'horizon'/, /at any horizon/],
    ['kl_reg < 3 at every horizon', 'every', /'at' needs 'horizon' after it, not 'every'/, /at any horizon/],
    ['kl_reg < 3 at horizon', '', /number of a horizon, 1 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 at horizon 0', '0', /number of a horizon, 1 or more/, /METRIC OP NUMBER/],
    ['kl_reg < 3 for 2 at any horizon', 'at', /cannot stand here/, /order/],
    ['kl_reg < 3 fro 3', 'fro', /left over/, /did you mean for\?/],
    ['kl_reg < 3 for 3 steps', 'steps', /left over/, /order/],
    ['kl_reg < 3 after 5 for 3', 'for', /cannot stand here/, /order/],
    ['kl_reg < 3 for 2 for 3', 'for', /cannot stand here/, /order/],
    ['kl_reg < 3 and pred_l2_mean < 2', 'and', /left over/, /order/],
  ])('%j', (text, word, message, hint) => {
    const error = refusal(text);
    expect(error.code).toBe('E110');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    const { start, end, text: shown } = error.excerpt!;
    expect(shown).toBe(text);
    expect(text.slice(start, end)).toBe(word);
  });

  it('points at the second "for", not the first', () => {
    expect(refusal('kl_reg < 3 for 2 for 3').excerpt).toMatchObject({ start: 17, end: 20 });
  });
});

const metric = fc.constantFrom(...METRIC_IDS);
const factor = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
const wholeRule = fc.record({
  metric,
  operator: fc.constantFrom('<', '<=', '>', '>='),
  factor,
  of: fc.option(fc.oneof(fc.constantFrom('baseline', 'previous', 'peak'), metric)),
  forSteps: fc.oneof(
    fc.constant(1),
    fc.integer({ min: 1, max: 1000 }),
    fc.maxSafeNat().map((n) => n || 1),
  ),
  after: fc.option(fc.maxSafeNat()),
});
const at = fc.oneof(
  fc.constant('any horizon' as const),
  fc.maxSafeNat().map((n) => n || 1),
);
const anyRule = fc
  .tuple(wholeRule, fc.option(at))
  .map(([rule, where]) => (where === null ? rule : { ...rule, at: where }));

describe('parser and printer', () => {
  it('round-trip 1,000 rules', () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom('error', 'warn'), (parts, level) => {
        const text = printRule(parts);
        expect(parseRule(text, level)).toEqual({ id: text, ...parts, level, expression: text });
      }),
      { numRuns: 1000 },
    );
  });

  it('2,000 mutated rules parse or give a caret', () => {
    const noise = fc.oneof(
      fc.constantFrom(
        '<',
        '%',
        'of',
        ' for ',
        ' after ',
        ' at ',
        'any horizon',
        '-',
        '.',
        'e',
        '9',
        ' ',
        '=',
        '\u0000',
        '\u202e',
        '٣',
        '😀',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const edit = fc.record({ at: fc.nat(100), cut: fc.nat(8), put: noise });
    fc.assert(
      fc.property(anyRule, fc.array(edit, { minLength: 1, maxLength: 4 }), (parts, edits) => {
        let text = printRule(parts);
        for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut);
        try {
          const rule = parseRule(text);
          expect(parseRule(rule.expression)).toEqual(rule);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          const { start, end } = error.excerpt!;
          expect(error.code).toBe('E110');
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no longer for a hostile rule', async () => {
    const ms = await cpuMs(() => {
      for (const text of ['x'.repeat(1e6), '<'.repeat(1e6), '9'.repeat(1e6), ' '.repeat(1e6)]) {
        for (const start of ['', 'kl_reg ', 'kl_reg < ', 'kl_reg < 3 ']) refusal(`${start + text}y`);
      }
    });
    expect(ms).toBeLessThan(2000);
  });
});

describe('a rule of all metrics of a reference', () => {
  it('has two steps in a row unless said, and a canonical text', () => {
    expect(parseAnyRule('outside reference')).toEqual({
      id: 'outside reference',
      outside: 'reference',
      forSteps: 2,
      after: null,
      level: 'error',
      expression: 'outside reference',
    });
    expect(parseAnyRule(' outside  reference for 2')).toEqual(parseAnyRule('outside reference'));
    expect(parseAnyRule('outside reference for 3 after 1000', 'warn')).toMatchObject({
      id: 'outside reference for 3 after 1000',
      forSteps: 3,
      after: 1000,
      level: 'warn',
    });
  });

  it('is a rule of one metric where it begins with one', () => {
    expect(parseAnyRule('pred_r2 < 80% of reference')).toEqual(parseRule('pred_r2 < 80% of reference'));
    expect(parseRule('pred_r2 < 80% of reference')).toMatchObject({ of: 'reference', factor: 0.8 });
  });

  it('is refused with a caret under what does not fit', () => {
    for (const [text, start] of [
      ['outside', 7],
      ['outside baseline', 8],
      ['outside reference for 1', 22],
      ['outside reference at horizon 2', 18],
    ] as const) {
      expect(
        usageErrorOf(() => parseAnyRule(text)),
        text,
      ).toMatchObject({ code: 'E110', excerpt: { start } });
    }
  });
});
