import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'apache-arrow/fb/type';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { memorySource } from '#io/memory-source.js';
import { cpuMs } from '../support/cpu-time.js';
import { batchMessage, concat, END, float32, schemaMessage } from './arrow-build.js';
import { FIXTURES } from './fixture-folder.js';
import { zstdZeros } from './zstd-zeros.js';

const fields = [float32('x')];
const prefixed = (claimed: bigint, data: Uint8Array): Uint8Array => {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigInt64(0, claimed, true);
  return concat(prefix, data);
};
const vector = (rows: number, codec: 'LZ4' | 'zstd', claimed: bigint, data: Uint8Array): Uint8Array => {
  const body = prefixed(claimed, data);
  const buffers = [
    [0, 0],
    [0, body.length],
  ] as const;
  return concat(
    schemaMessage(fields),
    batchMessage(rows, [[rows, 0]], buffers, body, body.length, codec),
    END,
  );
};
const read = async (bytes: Uint8Array, maxMemory?: number): Promise<number[]> => {
  const file = await openArrayFile(
    memorySource('x.arrow', bytes),
    maxMemory === undefined ? {} : { maxMemory },
  );
  return Array.from(await file.readVector('x'));
};
const four = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

describe('compressed Arrow batches', () => {
  it('a buffer that its writer left as it is loads', async () => {
    expect(await read(vector(4, 'LZ4', -1n, four))).toEqual([1, 2, 3, 4]);
    expect(await read(vector(4, 'zstd', -1n, four))).toEqual([1, 2, 3, 4]);
  });

  it('zeros load', async () => {
    expect(await read(vector(1000, 'zstd', 4000n, zstdZeros(4000)))).toEqual(new Array(1000).fill(0));
  });

  it.each([
    ['a negative length', vector(4, 'zstd', -2n, zstdZeros(16)), 'claims -2 bytes'],
    ['a length beyond any file', vector(4, 'zstd', 2n ** 60n, zstdZeros(16)), `claims ${2n ** 60n} bytes`],
    [
      'fewer bytes than its rows need',
      vector(4, 'zstd', 12n, zstdZeros(12)),
      '12 bytes of values and needs 16',
    ],
    ['far more bytes than its rows need', vector(4, 'zstd', 10_000_000n, zstdZeros(10_000_000)), 'needs 16'],
    ['more bytes than it claims', vector(4, 'zstd', 16n, zstdZeros(17)), 'zstd data'],
    ['fewer bytes than it claims', vector(4, 'zstd', 16n, zstdZeros(15)), 'zstd data'],
    ['cut data', vector(4, 'zstd', 16n, zstdZeros(16).slice(0, -2)), 'zstd data'],
    ['data of another codec', vector(4, 'LZ4', 16n, zstdZeros(16)), 'LZ4 data are damaged'],
    ['no data', vector(4, 'LZ4', 16n, new Uint8Array(0)), 'LZ4 data are damaged'],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'E204',
      message: expect.stringContaining(message),
    });
  });

  it('a 66 KB file that expands to 2 GiB is refused by the budget, at once, with both figures', async () => {
    const rows = 2 ** 18;
    const list = [{ name: 'x', type: Type.List, children: [float32('item')] }];
    const offsets = prefixed(
      -1n,
      new Uint8Array(Int32Array.from({ length: rows + 1 }, (_, i) => i * 2048).buffer),
    );
    const data = prefixed(2n ** 31n, zstdZeros(2 ** 31));
    expect(data.length).toBeLessThan(66_000);
    const body = concat(offsets, data);
    const nodes = [
      [rows, 0],
      [rows * 2048, 0],
    ] as const;
    const buffers = [
      [0, 0],
      [0, offsets.length],
      [0, 0],
      [offsets.length, data.length],
    ] as const;
    const message = batchMessage(rows, nodes, buffers, body, body.length, 'zstd');
    const bytes = concat(schemaMessage(list), message, END);
    const file = await openArrayFile(memorySource('x.arrow', bytes), { maxMemory: 2 ** 31 });
    let error: unknown;
    const ms = await cpuMs(async () => {
      error = await file.readMatrix('x').catch((cause: unknown) => cause);
    });
    expect(ms).toBeLessThan(1000);
    expect(error).toMatchObject({ code: 'E220', fields: { budget: 2 ** 31 } });
    expect((error as Error).message).toMatch(/^\d+ bytes are needed at once; the budget is 2147483648$/);
  });

  it.each(['pyarrow.fsl.f32.lz4.file', 'pyarrow.list.f16.zstd', 'polars.list.zstd'])(
    '%s: what decompression needs counts towards the budget',
    async (name) => {
      const bytes = readFileSync(join(FIXTURES, `formats/arrow/${name}.arrow`));
      const matrix = 48 * 12 * 4;
      const open = (maxMemory: number) => openArrayFile(memorySource('x.arrow', bytes), { maxMemory });
      await expect((await open(matrix)).readMatrix('prediction')).rejects.toMatchObject({ code: 'E220' });
      const { matrix: loaded } = await (await open(matrix + 2 ** 23)).readMatrix('prediction');
      expect(loaded.rows).toBe(48);
    },
  );
});
