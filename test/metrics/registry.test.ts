import { describe, expect, it } from 'vitest';
import { DEFAULT_METRIC_IDS, METRIC_IDS } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import { familyOf, TOLERANCES } from '../tolerances.js';

it('holds every id once, in the order of METRIC_IDS', () => {
  expect(Object.keys(METRICS)).toEqual(METRIC_IDS);
  expect(new Set(METRIC_IDS).size).toBe(METRIC_IDS.length);
  expect(METRIC_IDS.filter((id) => (DEFAULT_METRIC_IDS as readonly string[]).includes(id))).toEqual(
    DEFAULT_METRIC_IDS,
  );
});

describe.each(METRIC_IDS)('%s', (id) => {
  const metric = METRICS[id];

  it('says what it is, what it sees and what it does not', () => {
    expect(metric.id).toBe(id);
    for (const key of ['title', 'range', 'definition', 'edge', 'detects', 'blindTo', 'source'] as const) {
      expect(metric[key], key).toMatch(/\S.{2,}/);
    }
  });

  it('has a tolerance', () => expect(TOLERANCES[familyOf(id)].reason).toMatch(/\S/));
});
