import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { openNodeFile } from '#io/node-file.js';
import { FIXTURES, fixtureFolder } from './fixture-folder.js';

interface TorchArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Base64 of what torch itself reads. */
  readonly values: string;
}

const NARROW = ['float16', 'bfloat16', 'float32'];
const bitsOf = (data: Float32Array | Float64Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/** NaNs have more than one pattern, and a conversion may choose. */
const sameNaN = (data: Float32Array | Float64Array): Float32Array | Float64Array =>
  data.map((x) => (Number.isNaN(x) ? Number.NaN : x));

function valuesOf({ dtype, values }: TorchArray): Float32Array | Float64Array {
  const bytes = new Uint8Array(Buffer.from(values, 'base64'));
  return NARROW.includes(dtype) ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

describe('PyTorch files', () => {
  for (const { name, path, expected } of fixtureFolder<Record<string, TorchArray>>('formats/pt')) {
    it(`${name} is what torch reads, bit for bit`, async () => {
      const file = await openArrayFile(openNodeFile(path));
      expect(file.format).toBe('pt');
      expect(file.warnings).toEqual([]);
      expect(file.arrays.map(({ key }) => key ?? '').sort()).toEqual(Object.keys(expected).sort());
      for (const { key, kind, dtype, shape } of file.arrays) {
        const torch = expected[key ?? '']!;
        expect([key, dtype, shape]).toEqual([key, torch.dtype, torch.shape]);
        const values = sameNaN(valuesOf(torch));
        if (shape.includes(0)) {
          const read = kind === 'vector' ? file.readVector(key) : file.readMatrix(key);
          await expect(read).rejects.toMatchObject({ code: 'E208' });
          continue;
        }
        if (kind === 'vector') {
          const read = await file.readVector(key);
          expect([key, bitsOf(sameNaN(read))]).toEqual([key, bitsOf(Float64Array.from(values))]);
          if (read.length < 3) continue;
          expect(await file.readVector(key, [[1, 3]])).toEqual(read.slice(1, 3));
          continue;
        }
        const { matrix } = await file.readMatrix(key);
        expect([key, bitsOf(sameNaN(matrix.data))]).toEqual([key, bitsOf(values)]);
        await expectRowsAlone(file, key, matrix.rows, matrix.cols, values);
      }
      file.close();
    });
  }

  /** Every pair of a first and last row that a few rows allow, and ranges out of order. */
  async function expectRowsAlone(
    file: Awaited<ReturnType<typeof openArrayFile>>,
    key: string | null,
    rows: number,
    cols: number,
    values: Float32Array | Float64Array,
  ): Promise<void> {
    const few = rows <= 12 ? rows : 0;
    for (let start = 0; start < few; start++) {
      for (let end = start + 1; end <= few; end++) {
        const ranges = [
          [start, end],
          [0, 1],
        ] as const;
        const { matrix } = await file.readMatrix(key, ranges);
        const want = [...values.subarray(start * cols, end * cols), ...values.subarray(0, cols)];
        expect(Array.from(matrix.data)).toEqual(want);
      }
    }
  }

  it('a storage is checked once, and read within the budget', async () => {
    const source = openNodeFile(join(FIXTURES, 'formats/pt/shared_storage.pt'));
    const file = await openArrayFile(source, { maxMemory: 400 });
    await expect(file.readMatrix('all')).rejects.toMatchObject({ code: 'E220' });
    expect((await file.readMatrix('target', [[0, 2]])).matrix.rows).toBe(2);
    file.close();
  });
});
