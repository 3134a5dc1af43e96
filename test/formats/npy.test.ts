import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import type { RowRange } from '#formats/shared/define-format.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { openNodeFile } from '#io/node-file.js';
import { type NpyToWrite, writeNpy } from '../support/write-npy.js';
import { FIXTURES } from './fixture-folder.js';

const open = (bytes: Uint8Array, options = {}) => openArrayFile(memorySource('x.npy', bytes), options);

const VALUES = {
  f4: fc.float({ noNaN: true }),
  f8: fc.double({ noNaN: true }),
  b1: fc.integer({ min: 0, max: 1 }),
  i1: fc.integer({ min: -128, max: 127 }),
  u1: fc.nat(255),
  i2: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  u2: fc.nat(2 ** 16 - 1),
  i4: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  u4: fc.nat(2 ** 32 - 1),
  i8: fc.maxSafeInteger(),
  u8: fc.maxSafeNat(),
};
const anyArray: fc.Arbitrary<NpyToWrite> = fc
  .record({
    code: fc.constantFrom(...(Object.keys(VALUES) as (keyof typeof VALUES)[])),
    order: fc.constantFrom('<', '>'),
    shape: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 }),
    fortran: fc.boolean(),
    version: fc.constantFrom(1 as const, 2 as const, 3 as const),
    padding: fc.nat(20),
  })
  .chain(({ code, order, shape, ...rest }) => {
    const count = shape.reduce((all, n) => all * n, 1);
    const descr = (code[1] === '1' ? '|' : order) + code;
    const values = fc.array(VALUES[code] as fc.Arbitrary<number>, { minLength: count, maxLength: count });
    return values.map((drawn) => ({ descr, shape, values: drawn, ...rest }));
  });

describe('round trip', () => {
  it('any type, order, byte order, version, shape and alignment gives back its values', async () => {
    await fc.assert(
      fc.asyncProperty(anyArray, async (array) => {
        const { matrix, shape } = await (await open(writeNpy(array))).readMatrix(null);
        expect(shape).toEqual(array.shape);
        expect(matrix.cols).toBe(array.shape.at(-1));
        expect(Array.from(matrix.data)).toEqual(array.values);
      }),
      { numRuns: 300 },
    );
  });

  it('row ranges give those rows in the order asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyArray,
        fc.array(fc.tuple(fc.nat(216), fc.nat(216)), { minLength: 1 }),
        async (array, pairs) => {
          const cols = array.shape.at(-1) as number;
          const rows = array.values.length / cols;
          const ranges = pairs.map(([a, b]): RowRange => {
            const [start, end] = [a % rows, (b % rows) + 1].sort((x, y) => x - y) as [number, number];
            return [start, Math.max(end, start + 1)];
          });
          const { matrix } = await (await open(writeNpy(array))).readMatrix(null, ranges);
          const expected = ranges.flatMap(([start, end]) => array.values.slice(start * cols, end * cols));
          expect(Array.from(matrix.data)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('large arrays go through several windows', () => {
  const shape = [1500, 1400];
  const values = Array.from({ length: 1500 * 1400 }, (_, i) => (i * 7919) % 30_011);
  it.each([
    ['<i2', false],
    ['>f4', false],
    ['<f4', true],
    ['>i8', true],
  ])('%s, Fortran %s', async (descr, fortran) => {
    const bytes = writeNpy({ descr, shape, fortran, version: 1, padding: 1, values });
    const { matrix } = await (await open(bytes)).readMatrix(null);
    expect(matrix.data.every((value, i) => value === values[i])).toBe(true);
  });

  it('a Fortran array taller than a block', async () => {
    const tall = Array.from({ length: 3 * 2_200_000 }, (_, i) => i % 251);
    const bytes = writeNpy({
      descr: '|u1',
      shape: [2_200_000, 3],
      fortran: true,
      version: 1,
      padding: 0,
      values: tall,
    });
    const file = await open(bytes);
    const { matrix } = await file.readMatrix(null);
    expect(matrix.data.every((value, i) => value === tall[i])).toBe(true);
    const some = await file.readMatrix(null, [[2_099_999, 2_100_001]]);
    expect(Array.from(some.matrix.data)).toEqual(tall.slice(3 * 2_099_999, 3 * 2_100_001));
  });
});

const small = (descr = '<f4', shape = [5, 4]): Uint8Array => {
  const values = Array.from({ length: shape.reduce((all, n) => all * n, 1) }, (_, i) => i);
  return writeNpy({ descr, shape, fortran: false, version: 1, padding: 0, values });
};

describe('reading', () => {
  it('rows of a C-order array read only their bytes', async () => {
    const reads: [start: number, end: number][] = [];
    const bytes = small('<f4', [100, 4]);
    const inner = memorySource('x.npy', bytes);
    const source: ByteSource = {
      ...inner,
      readInto(target, start) {
        reads.push([start, start + target.length]);
        inner.readInto(target, start);
      },
    };
    const file = await openArrayFile(source);
    await file.readMatrix(null, [
      [10, 12],
      [50, 51],
    ]);
    const start = bytes.length - 1600;
    expect(reads).toEqual([
      [start + 160, start + 192],
      [start + 800, start + 816],
    ]);
  });

  it('more than the memory budget is refused with both numbers', async () => {
    const file = await open(small(), { maxMemory: 79 });
    await expect(file.readMatrix(null)).rejects.toMatchObject({
      code: 'E220',
      path: 'x.npy',
      fields: { needed: 80, budget: 79 },
    });
    expect((await file.readMatrix(null, [[0, 4]])).matrix.rows).toBe(4);
  });

  it('a file that changes while it is read is refused', async () => {
    const verified: string[] = [];
    const source = { ...memorySource('x.npy', small()), verifyUnchanged: () => verified.push('asked') };
    await (await openArrayFile(source)).readMatrix(null);
    expect(verified).toEqual(['asked']);
  });

  it.each([[[[-1, 2]]], [[[3, 2]]], [[[0, 6]]], [[[0.5, 1]]]])('rows %j are refused', async (ranges) => {
    const file = await open(small());
    await expect(file.readMatrix(null, ranges as unknown as RowRange[])).rejects.toMatchObject({
      code: 'E224',
    });
  });

  it('no rows asked for is an empty array', async () => {
    await expect((await open(small())).readMatrix(null, [])).rejects.toMatchObject({ code: 'E208' });
  });

  it('a name is refused: an npy file has none', async () => {
    await expect((await open(small())).readMatrix('x')).rejects.toMatchObject({ code: 'E213' });
  });

  it('<U148 ids beside the data open and describe themselves as other', async () => {
    const file = await openArrayFile(openNodeFile(join(FIXTURES, 'malformed/npy/strings_U148.npy')));
    expect(file.arrays).toEqual([{ key: null, dtype: '<U148', shape: [1, 2], order: 'C', kind: 'other' }]);
    await expect(file.readVector(null)).rejects.toMatchObject({ code: 'E206' });
  });
});
