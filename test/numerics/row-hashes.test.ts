import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import {
  areDistinct,
  COMPARED_ROWS,
  countDuplicates,
  digestOf,
  ROW_HASHES,
  ROW_LOOKS,
  type RowHashes,
} from '#numerics/matrix/row-hashes.js';
import { gaussian } from '../metrics/gaussian.js';

const hashesOf = (matrix: Matrix) => new MatrixInMemory('prediction', matrix).get(ROW_HASHES);
const changed = ({ data, rows, cols }: Matrix, at: number, to: (x: number) => number) => {
  const copy = data.slice();
  copy[at] = to(copy[at]!);
  return { data: copy, rows, cols };
};

it.each([1, 2, 3, 4, 5, 7])('of %i columns: any bit, any sign and the order of rows change them', (cols) => {
  const matrix = gaussian(40, cols, cols);
  const digest = digestOf(hashesOf(matrix));
  for (let at = 0; at < matrix.data.length; at++) {
    for (const to of [(x: number) => -x, (x: number) => x * (1 + 2 ** -52), (x: number) => 2 * x]) {
      expect(digestOf(hashesOf(changed(matrix, at, to)))).not.toBe(digest);
    }
  }
  const reversed = Float64Array.from(
    { length: 40 * cols },
    (_, k) => matrix.data[(39 - Math.floor(k / cols)) * cols + (k % cols)]!,
  );
  expect(digestOf(hashesOf({ ...matrix, data: reversed }))).not.toBe(digest);
  expect(countDuplicates([hashesOf(matrix)])).toBe(0);
});

it('signs of two values do not cancel', () => {
  const matrix = gaussian(1, 7, 3);
  const digest = digestOf(hashesOf(matrix));
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < i; j++) {
      const two = changed(
        changed(matrix, i, (x) => -x),
        j,
        (x) => -x,
      );
      expect(digestOf(hashesOf(two))).not.toBe(digest);
    }
  }
});

it('no two of 100,000 rows of one value look alike', () => {
  const data = Float32Array.from({ length: 100_000 }, (_, k) => k);
  expect(countDuplicates([hashesOf({ data, rows: 100_000, cols: 1 })])).toBe(0);
});

it('is the same of rows in blocks', () => {
  const matrix = gaussian(30, 5, 1);
  const whole = hashesOf(matrix);
  const block = (from: number, to: number) =>
    hashesOf({ data: matrix.data.slice(5 * from, 5 * to), rows: to - from, cols: 5 });
  const joined = [block(0, 7), block(7, 8), block(8, 30)].reduce((a, b) => ROW_HASHES.join(a, b));
  expect(digestOf(joined)).toBe(digestOf(whole));
  expect(countDuplicates([joined, joined])).toBe(0);
});

it('rows are distinct where none is a duplicate, but for rows that are all the same', () => {
  const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, (rows) => {
      const data = Float64Array.from(rows.flatMap((x) => [x, -x]));
      const hashes = hashesOf({ data, rows: rows.length, cols: 2 });
      expect(areDistinct(hashes)).toBe(new Set(rows).size === rows.length);
      if (new Set(rows).size > 1) expect(countDuplicates([hashes])).toBe(rows.length - new Set(rows).size);
    }),
  );
});

it('rows of either zero are zero, and those of length 1 are unit beside them', () => {
  const looks = (rows: readonly (readonly number[])[]) =>
    new MatrixInMemory('target', { data: Float64Array.from(rows.flat()), rows: rows.length, cols: 2 }).get(
      ROW_LOOKS,
    );
  expect(
    looks([
      [0, 0],
      [-0, 0],
      [0.6, 0.8],
      [0, 1],
    ]),
  ).toMatchObject({ zeroRows: 2, areUnit: true });
  expect(
    looks([
      [0, 0],
      [-0, -0],
    ]),
  ).toMatchObject({ zeroRows: 2, areUnit: false });
  expect(
    looks([
      [0.6, 0.8],
      [0, 2],
    ]),
  ).toMatchObject({ zeroRows: 0, areUnit: false });
});

it('keeps no more hashes than are compared, whatever the number of rows; the digest is of all', () => {
  const rows = COMPARED_ROWS + 7;
  const data = Float32Array.from({ length: rows }, (_, k) => k + 1);
  // A row that comes again among the first, and one among the others.
  data[5] = data[4]!;
  data[rows - 1] = data[0]!;
  const whole = hashesOf({ data, rows, cols: 1 });
  const parts: RowHashes[] = [];
  for (let from = 0; from < rows; from += 300_000) {
    const part = data.slice(from, from + 300_000);
    parts.push(hashesOf({ data: part, rows: part.length, cols: 1 }));
  }
  const joined = parts.reduce((a, b) => ROW_HASHES.join(a, b));
  expect(digestOf(joined)).toBe(digestOf(whole));
  data[rows - 1] = 0.5;
  expect(digestOf(hashesOf({ data, rows, cols: 1 }))).not.toBe(digestOf(whole));
  for (const one of [whole, joined]) {
    expect(countDuplicates([one])).toBe(1);
    expect(one.blocks.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(COMPARED_ROWS + 300_000);
  }
});
