import { closeSync, ftruncateSync, openSync, truncateSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { openNodeFile } from '#io/node-file.js';
import { sharedFolder } from '../support/run-folder.js';
import { writeNpy } from '../support/write-npy.js';

const folder = sharedFolder();

/** A sparse file: a header, and of its values only those of the last row are written. */
function sparse(name: string, rows: number, cols: number): string {
  const path = join(folder, name);
  const fd = openSync(path, 'w');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`.padEnd(117);
  writeSync(fd, Buffer.from(`\x93NUMPY\x01\0\x76\0${text}\n`, 'latin1'));
  ftruncateSync(fd, 128 + rows * cols * 4);
  const last = Float32Array.from({ length: cols }, (_, i) => i + 1);
  writeSync(fd, new Uint8Array(last.buffer), 0, cols * 4, 128 + (rows - 1) * cols * 4);
  closeSync(fd);
  return path;
}

describe('a .npy file of 2.5 GiB', () => {
  const rows = 655_360;
  const budget = 2 ** 31;

  it('streams by row ranges within the default budget', async () => {
    const file = await openArrayFile(openNodeFile(sparse('big.npy', rows, 1024)), { maxMemory: budget });
    expect(file.arrays).toMatchObject([{ shape: [rows, 1024] }]);
    for (let start = 0; start < rows; start += rows / 10) {
      const { matrix } = await file.readMatrix(null, [[start, start + 16]]);
      expect(matrix.data.every((value) => value === 0)).toBe(true);
    }
    const { matrix } = await file.readMatrix(null, [[rows - 1, rows]]);
    expect(Array.from(matrix.data)).toEqual(Array.from({ length: 1024 }, (_, i) => i + 1));
    file.close();
  });

  it('read whole is refused by the budget, with both figures', async () => {
    const file = await openArrayFile(openNodeFile(sparse('big.npy', rows, 1024)), { maxMemory: budget });
    await expect(file.readMatrix(null)).rejects.toMatchObject({
      code: 'E220',
      message: `${rows * 4096} bytes are needed at once; the budget is ${budget}`,
    });
    file.close();
  });
});

describe('a file that changes while it is read', () => {
  const write = (name: string): string => {
    const path = join(folder, name);
    const values = Array.from({ length: 4000 }, (_, i) => i);
    const fd = openSync(path, 'w');
    writeSync(
      fd,
      writeNpy({ descr: '<f4', shape: [100, 40], fortran: false, version: 1, padding: 0, values }),
    );
    closeSync(fd);
    return path;
  };

  it('shrinks: refused with both sizes', async () => {
    const path = write('shrinks.npy');
    const file = await openArrayFile(openNodeFile(path));
    truncateSync(path, 8000);
    await expect(file.readMatrix(null)).rejects.toMatchObject({
      code: 'E223',
      message: expect.stringMatching(/16\d+ bytes when opened and now ends at 8000/),
    });
    file.close();
  });

  it('grows: refused', async () => {
    const path = write('grows.npy');
    const file = await openArrayFile(openNodeFile(path));
    truncateSync(path, 20_000);
    await expect(file.readMatrix(null)).rejects.toMatchObject({ code: 'E223' });
    file.close();
  });

  it('is written again at the same size: refused', async () => {
    const path = write('again.npy');
    const file = await openArrayFile(openNodeFile(path));
    utimesSync(path, 1, 1);
    await expect(file.readMatrix(null)).rejects.toMatchObject({ code: 'E223' });
    file.close();
  });
});
