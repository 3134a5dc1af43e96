import { describe, expect, it } from 'vitest';
import {
  CORE_METRIC_IDS,
  METRIC_IDS,
  type MetricId,
  POSITION_METRIC_IDS,
  ROW_METRIC_IDS,
} from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { isotropicEffectiveRank } from '#numerics/spectra/marchenko-pastur.js';
import { expectClose, familyOf, type ToleranceFamily } from '../tolerances.js';
import { GOLDEN_SETS, type GoldenSet, readGolden, readPair } from './golden-files.js';

/** Those of samples, positions and rows have golden values of their own. */
const ELSEWHERE: readonly MetricId[] = [...POSITION_METRIC_IDS, ...ROW_METRIC_IDS];
const FURTHER = METRIC_IDS.slice(CORE_METRIC_IDS.length).filter((id) => !ELSEWHERE.includes(id));

function heldTo(id: MetricId, expected: GoldenSet): ToleranceFamily | null {
  const family = familyOf(id);
  if (family === 'alpha_req' && expected.smallest_singular_share < 1e-4) return null;
  return family;
}

describe.each(GOLDEN_SETS)('golden/%s', (name) => {
  const folder = `golden/${name}`;
  const expected = readGolden<GoldenSet>(`${folder}/expected.json`);

  it(expected.description, () => {
    const batch = createBatch({ ...readPair(folder), klReg: 'computed' });
    const { metrics, unavailable } = computeMetrics(batch, FURTHER);
    expect(Object.keys(expected.diagnostics).sort()).toEqual([...FURTHER].sort());
    for (const id of FURTHER) {
      const value = expected.diagnostics[id]!;
      const family = heldTo(id, expected);
      if (family === null) continue;
      if (value === null) {
        expect(metrics[id], id).toBeNull();
        expect(unavailable[id], id).toMatch(/\S/);
      } else expectClose(metrics[id], value, family, `${folder} ${id}`);
    }
  });
});

describe('the effective rank of an isotropic batch', () => {
  const { values } = readGolden<{
    values: { rows: number; dims: number; effective_rank: number }[];
  }>('golden/isotropic_effective_rank.json');

  it.each(values)('$rows × $dims', ({ rows, dims, effective_rank }) => {
    expectClose(isotropicEffectiveRank(rows, dims), effective_rank, 'isotropic_effective_rank');
  });
});
