import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { cpuMs } from '../support/cpu-time.js';
import { writeNpy } from '../support/write-npy.js';
import { writeZip } from '../support/write-zip.js';
import { FIXTURES } from './fixture-folder.js';

const array = (rows: number, cols: number, fortran = false): Uint8Array => {
  const values = Array.from({ length: rows * cols }, (_, i) => i % 1000);
  return writeNpy({ descr: '<f4', shape: [rows, cols], fortran, version: 1, padding: 0, values });
};

describe('npz', () => {
  it('several arrays and no choice is refused, listing their names', async () => {
    const bytes = writeZip([
      { name: 'a.npy', bytes: array(2, 2), deflated: true },
      { name: 'b.npy', bytes: array(2, 2), deflated: false },
    ]);
    const file = await openArrayFile(memorySource('x.npz', bytes));
    await expect(file.readMatrix(null)).rejects.toMatchObject({
      code: 'E212',
      message: expect.stringContaining('"a", "b"'),
      path: 'x.npz',
    });
    await expect(file.readMatrix('c')).rejects.toMatchObject({
      code: 'E213',
      message: expect.stringContaining('"a", "b"'),
    });
  });

  it('a bomb is refused by the budget, with both figures, before it is decompressed', async () => {
    const rows = 2 ** 20;
    const bytes = writeZip([{ name: 'x.npy', bytes: array(rows, 16), deflated: true }]);
    const file = await openArrayFile(memorySource('x.npz', bytes), { maxMemory: 2 ** 24 });
    const ms = await cpuMs(async () => {
      await expect(file.readMatrix('x')).rejects.toMatchObject({ code: 'E220', fields: { budget: 2 ** 24 } });
      await expect(file.readMatrix('x', [[0, 1]])).rejects.toMatchObject({ code: 'E220' });
    });
    expect(ms).toBeLessThan(200);
  });

  it('an array and its decompressed bytes count together', async () => {
    const bytes = writeZip([{ name: 'x.npy', bytes: array(100, 10, true), deflated: true }]);
    const plain = array(100, 10, true).length;
    const open = (maxMemory: number) => openArrayFile(memorySource('x.npz', bytes), { maxMemory });
    await expect((await open(plain + 3999)).readMatrix('x')).rejects.toMatchObject({
      code: 'E220',
      message: expect.stringContaining(`"x.npy": ${plain + 4000} bytes are needed`),
    });
    expect((await (await open(plain + 4000)).readMatrix('x')).matrix.rows).toBe(100);
  });

  it('decompressed bytes that lie as a matrix does become the matrix', async () => {
    const bytes = readFileSync(join(FIXTURES, 'formats/npz/numpy.deflated.npz'));
    const file = await openArrayFile(memorySource('x.npz', bytes), { maxMemory: 128 + 48 * 12 * 4 });
    expect((await file.readMatrix('z_pred')).matrix.data).toHaveLength(576);
    await expect(file.readMatrix('z_pred', [[0, 1]])).rejects.toMatchObject({ code: 'E220' });
  });

  it.each([true, false])('row ranges (deflated: %s)', async (deflated) => {
    const bytes = writeZip([{ name: 'x.npy', bytes: array(100, 3), deflated }]);
    const file = await openArrayFile(memorySource('x.npz', bytes));
    const ranges = [
      [50, 52],
      [1, 2],
    ] as const;
    for (let again = 0; again < 2; again++) {
      const { matrix } = await file.readMatrix('x', ranges);
      expect(Array.from(matrix.data)).toEqual([150, 151, 152, 153, 154, 155, 3, 4, 5]);
    }
  });

  it('a stored array is read by rows within a budget that it exceeds', async () => {
    const bytes = writeZip([{ name: 'x.npy', bytes: array(1000, 100), deflated: false }]);
    const file = await openArrayFile(memorySource('x.npz', bytes), { maxMemory: 5000 });
    expect((await file.readMatrix('x', [[990, 1000]])).matrix.rows).toBe(10);
  });

  it('opening reads the directory and headers only', async () => {
    let read = 0;
    const bytes = writeZip([
      { name: 'a.npy', bytes: array(100_000, 10), deflated: false },
      { name: 'b.npy', bytes: array(100_000, 10), deflated: false },
    ]);
    const inner = memorySource('x.npz', bytes);
    const source: ByteSource = {
      ...inner,
      slice(start, end) {
        read += end - start;
        return inner.slice(start, end);
      },
    };
    const file = await openArrayFile(source);
    expect(file.arrays.map(({ key, shape }) => [key, shape])).toEqual([
      ['a', [100_000, 10]],
      ['b', [100_000, 10]],
    ]);
    expect(read).toBeLessThan(70_000);
  });

  it('the members that are no arrays are described as other', async () => {
    const bytes = readFileSync(join(FIXTURES, 'formats/npz/with_a_text_member.npz'));
    const file = await openArrayFile(memorySource('x.npz', bytes));
    expect(file.arrays[0]).toEqual({
      key: 'readme.txt',
      dtype: 'bytes',
      shape: [7],
      order: 'C',
      kind: 'other',
      compression: 'deflate',
    });
    await expect(file.readMatrix('readme.txt')).rejects.toMatchObject({ code: 'E206' });
  });
});
