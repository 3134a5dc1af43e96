import { describe, expect, it } from 'vitest';
import { klRegNull, rowsForKlRegNull } from '#numerics/gaussian/kl-null.js';
import { readGolden } from '../metrics/golden-files.js';
import { expectClose } from '../tolerances.js';

const golden = readGolden<{
  values: { rows: number; dims: number; kl_reg_null: number | null }[];
  rows_needed: { dims: number; max: number; rows: number }[];
}>('golden/kl_reg_null.json');

describe('klRegNull', () => {
  it.each(golden.values)('of $rows rows by $dims', ({ rows, dims, kl_reg_null: expected }) => {
    const actual = klRegNull(rows, dims);
    if (expected === null) expect(actual).toBeNull();
    else expectClose(actual, expected, 'kl_reg_null');
  });

  it('falls with rows and grows with dimensions', () => {
    for (let n = 66; n < 200; n++) expect(klRegNull(n + 1, 64)).toBeLessThan(klRegNull(n, 64)!);
    for (let d = 1; d < 60; d++) expect(klRegNull(64, d + 1)).toBeGreaterThan(klRegNull(64, d)!);
  });
});

describe('rowsForKlRegNull', () => {
  it.each(golden.rows_needed)('of $dims dimensions below $max', ({ dims, max, rows }) => {
    expect(rowsForKlRegNull(dims, max)).toBe(rows);
  });

  it('is the first row count below the bound', () => {
    for (let dims = 1; dims <= 40; dims++) {
      for (const max of [0.1, 1, 10]) {
        const rows = rowsForKlRegNull(dims, max) ?? Number.NaN;
        expect(klRegNull(rows, dims)).toBeLessThan(max);
        expect(klRegNull(rows - 1, dims) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(max);
      }
    }
  });
});

it('gives up on a bound that no batch could reach, at once', () => {
  expect(rowsForKlRegNull(64, 1e-13)).toBeNull();
  expect(rowsForKlRegNull(1, 1e-300)).toBeNull();
});
