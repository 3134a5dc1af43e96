import { describe, expect, it } from 'vitest';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, METRIC_IDS } from '#metrics/ids.js';
import { metricList } from '#options/parse/metric-list.js';
import { measurePlanOf } from '#options/plan/measure-plan.js';
import { usageErrorOf } from '../support/thrown.js';

const parse = (text: string) => metricList(text, '--metrics');

const refused = (text: string) => usageErrorOf(() => parse(text));

describe('--metrics', () => {
  it('takes the groups', () => {
    expect(parse('core')).toEqual(CORE_METRIC_IDS);
    expect(parse('default')).toEqual(DEFAULT_METRIC_IDS);
    expect(parse('all')).toEqual(METRIC_IDS);
  });

  it('takes ids, once each and in the order of METRIC_IDS', () => {
    expect(parse('pred_r2')).toEqual(['pred_r2']);
    expect(parse('pred_sigreg,pred_r2, kl_reg,pred_r2')).toEqual(['kl_reg', 'pred_r2', 'pred_sigreg']);
    expect(parse('core,pred_r2')).toEqual([...CORE_METRIC_IDS, 'pred_r2']);
  });

  it('is the default group where the flag is absent', () => {
    expect(measurePlanOf({}, ['run']).metrics).toEqual(DEFAULT_METRIC_IDS);
    expect(measurePlanOf({ metrics: CORE_METRIC_IDS }, ['run']).metrics).toEqual(CORE_METRIC_IDS);
  });

  it.each([
    ['pred_rank_me', 'pred_rankme'],
    ['pred_effective_rnak', 'pred_effective_rank'],
    ['pred_R2', 'pred_r2'],
    ['core,kl_re', 'kl_reg'],
    ['al', 'all'],
  ])('refuses %s and thinks of %s', (text, nearest) => {
    const error = refused(text);
    expect(error.code).toBe('E102');
    expect(error.hint).toContain(`'${nearest}'`);
  });

  it.each(['', 'core,', ',', 'zzzzzzzz', '__proto__', 'toString'])('refuses %j', (text) => {
    expect(refused(text).code).toBe('E102');
  });
});
