import { describe, expect, it } from 'vitest';
import { CollapseThresholds } from '#monitor/thresholds.js';
import { inputErrorOf } from '../support/thrown.js';

const FIELDS = ['predVarToTargetVar', 'pairwiseToInitial', 'klRegMax'] as const;

describe('CollapseThresholds', () => {
  it('has the defaults of the reference', () => {
    const defaults = { predVarToTargetVar: 0.5, pairwiseToInitial: 0.5, klRegMax: 10 };
    expect({ ...new CollapseThresholds() }).toEqual(defaults);
    expect({ ...new CollapseThresholds({ klRegMax: undefined }) }).toEqual(defaults);
  });

  it.each(FIELDS)('takes %s and keeps the other defaults', (field) => {
    expect({ ...new CollapseThresholds({ [field]: 0.125 }) }).toEqual({
      ...new CollapseThresholds(),
      [field]: 0.125,
    });
  });

  it('is frozen', () => {
    const thresholds = new CollapseThresholds();
    expect(Object.isFrozen(thresholds)).toBe(true);
    expect(() => {
      (thresholds as { klRegMax: number }).klRegMax = 99;
    }).toThrow(TypeError);
  });

  describe.each(FIELDS)('%s', (field) => {
    it.each([0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, '1', true])(
      'refuses %s',
      (value) => {
        const error = inputErrorOf(() => new CollapseThresholds({ [field]: value as number }));
        expect(error).toMatchObject({ code: 'E224', fields: { field, actual: value } });
        expect(error.message).toContain(field);
      },
    );

    it.each([Number.MIN_VALUE, Number.MAX_VALUE])('takes %s', (value) => {
      expect(new CollapseThresholds({ [field]: value })[field]).toBe(value);
    });
  });

  it('refuses a field that does not exist, naming those that do', () => {
    const error = inputErrorOf(() => new CollapseThresholds({ kl_reg_max: 5 } as object));
    expect(error.fields).toEqual({ field: 'kl_reg_max' });
    expect(error.message).toContain('klRegMax');
  });

  it.each([null, 5, 'x'])('refuses %s in place of an object', (options) => {
    expect(inputErrorOf(() => new CollapseThresholds(options as never)).code).toBe('E224');
  });
});
