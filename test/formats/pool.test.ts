import { expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { allocateFloats } from '#formats/shared/allocate.js';
import { ArrayPool, asOwned } from '#formats/shared/pool.js';
import { memorySource } from '#io/memory-source.js';
import { writeNpy } from '../support/write-npy.js';

it('gives an array that came back to the next of its size, as zeros', () => {
  const pool = new ArrayPool();
  const first = pool.take(12, true);
  first.fill(3);
  pool.giveBack(first);
  expect(pool.take(12, false)).not.toBe(first);
  expect(pool.take(24, false).buffer).not.toBe(first.buffer);
  const second = allocateFloats(12, true, { pool });
  expect(second).toBe(first);
  expect(second).toEqual(new Float64Array(12));
});

it('never gives one memory to two', () => {
  const pool = new ArrayPool();
  const array = pool.take(7, true);
  pool.giveBack(array);
  pool.giveBack(array);
  expect(pool.take(7, true)).toBe(array);
  expect(pool.take(7, true)).not.toBe(array);
});

it('keeps no part of a larger buffer', () => {
  const pool = new ArrayPool();
  const part = asOwned(new Float64Array(new ArrayBuffer(80), 8, 9));
  pool.giveBack(part);
  expect(pool.take(9, true)).not.toBe(part);
});

it('shares nothing with another pool', () => {
  const [pool, other] = [new ArrayPool(), new ArrayPool()];
  const array = pool.take(7, true);
  pool.giveBack(array);
  expect(other.take(7, true)).not.toBe(array);
  expect(allocateFloats(7, true)).not.toBe(array);
});

it('serves the files that are opened with it', async () => {
  const pool = new ArrayPool();
  const bytes = writeNpy({
    descr: '<f4',
    shape: [2, 2],
    values: [1, 2, 3, 4],
    fortran: false,
    version: 1,
    padding: 0,
  });
  const file = await openArrayFile(memorySource('x.npy', bytes), { pool });
  const { matrix } = await file.readMatrix(null);
  expect((await file.readMatrix(null)).matrix.data).not.toBe(matrix.data);
  pool.giveBack(matrix.data);
  const again = await file.readMatrix(null);
  expect(again.matrix.data).toBe(matrix.data);
  expect([...again.matrix.data]).toEqual([1, 2, 3, 4]);
});
