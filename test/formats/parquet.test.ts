import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { type DeltaType, decodeDelta } from '#formats/parquet/delta.js';
import { decodeHybrid } from '#formats/parquet/hybrid.js';
import { readThrift, thriftCursor, type Wanted } from '#formats/parquet/thrift.js';
import { memorySource } from '#io/memory-source.js';
import { FIXTURES } from './fixture-folder.js';

const open = (name: string, maxMemory?: number) =>
  openArrayFile(
    memorySource(name, readFileSync(join(FIXTURES, 'formats/parquet', name))),
    maxMemory === undefined ? {} : { maxMemory },
  );

describe('Parquet', () => {
  it('columns describe themselves from the footer', async () => {
    const file = await open('rs.steps.parquet');
    expect(file.arrays.map(({ key, dtype, shape, kind }) => [key, dtype, shape, kind])).toEqual([
      ['step', 'int64', [48], 'vector'],
      ['id', 'byte_array', [48], 'other'],
      ['keep', 'bool', [48], 'vector'],
      ['epoch', 'uint32', [48], 'vector'],
      ['prediction', 'float32', [48, 12], 'matrix'],
      ['target', 'float32', [48, 12], 'matrix'],
    ]);
    expect(file.metadata).toEqual({});
  });

  it('row ranges cross row groups, in the order asked for', async () => {
    const file = await open('rs.dictionary.small_pages.parquet');
    const whole = (await file.readMatrix('prediction')).matrix.data;
    const ranges = [
      [30, 40],
      [0, 48],
      [16, 18],
      [16, 18],
    ] as const;
    const { matrix } = await file.readMatrix('prediction', ranges);
    const expected = ranges.flatMap(([a, b]) => Array.from(whole.subarray(a * 12, b * 12)));
    expect(Array.from(matrix.data)).toEqual(expected);
  });

  it('pages and the matrix count together towards the budget', async () => {
    const matrix = 48 * 12 * 4;
    await expect((await open('rs.zstd.parquet', matrix - 1)).readMatrix('prediction')).rejects.toMatchObject({
      code: 'E220',
      fields: { needed: matrix, budget: matrix - 1 },
    });
    await expect((await open('rs.zstd.parquet', matrix)).readMatrix('prediction')).rejects.toMatchObject({
      code: 'E220',
    });
    const loaded = await (await open('rs.zstd.parquet', 4 * matrix)).readMatrix('prediction');
    expect(loaded.matrix.rows).toBe(48);
  });
});

describe('tensors in a column', () => {
  it('have the shape that their Arrow schema says', async () => {
    const file = await open('pyarrow.fixed_shape_tensor.parquet');
    expect(file.arrays[0]).toMatchObject({ shape: [12, 4, 12], kind: 'matrix' });
    expect(file.arrays[0]?.together?.[0]).toEqual([0, 20]);
    const { shape, matrix, notes } = await file.readMatrix('prediction');
    expect([shape, matrix.rows, matrix.cols]).toEqual([[12, 4, 12], 48, 12]);
    expect(notes).toEqual(['3-D [12, 4, 12] flattened to 48 rows']);
    const some = await file.readMatrix('prediction', [[18, 23]]);
    expect(some.matrix.data).toEqual(matrix.data.slice(18 * 12, 23 * 12));
  });
});

describe('differences', () => {
  const decode = (bytes: number[], type: DeltaType, count: number): [number, number[]] => {
    const out = new Float64Array(count);
    const beyond = decodeDelta(Uint8Array.from(bytes), type, count, out, 0);
    return [beyond, Array.from(out)];
  };
  const head = [0x80, 0x01, 4];

  it("the specification's examples", () => {
    expect(decode([...head, 5, 2, 2, 0, 0, 0, 0], 'int64', 5)).toEqual([-1, [1, 2, 3, 4, 5]]);
    const widths = [2, 0, 0, 0];
    const differences = [0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0];
    expect(decode([...head, 8, 14, 3, ...widths, ...differences], 'int32', 8)[1]).toEqual([
      7, 5, 3, 1, 2, 3, 4, 5,
    ]);
  });

  it('sums wrap as integers of 32 bits do', () => {
    const most = [0xfe, 0xff, 0xff, 0xff, 0x0f];
    expect(decode([...head, 2, ...most, 2, 0, 0, 0, 0], 'int32', 2)).toEqual([-1, [2 ** 31 - 1, -(2 ** 31)]]);
    expect(decode([...head, 2, ...most, 2, 0, 0, 0, 0], 'uint32', 2)).toEqual([-1, [2 ** 31 - 1, 2 ** 31]]);
  });

  it('2^53 is the last integer that is taken', () => {
    // 2^53, then one more.
    const last = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    expect(decode([...head, 1, ...last], 'int64', 1)).toEqual([-1, [2 ** 53]]);
    expect(decode([...head, 2, ...last, 2, 0, 0, 0, 0], 'int64', 2)[0]).toBe(1);
    expect(decode([...head, 1, 1], 'uint64', 1)[0]).toBe(0);
  });

  it.each([
    ['no bytes', []],
    ['no miniblocks', [0x80, 0x01, 0, 5, 2]],
    ['blocks of 100', [100, 4, 5, 2]],
    ['another count', [...head, 6, 2]],
    ['no widths', [...head, 5, 2, 2]],
    ['65 bits', [...head, 5, 2, 2, 65, 0, 0, 0]],
    ['fewer bytes than values', [...head, 5, 2, 2, 32, 0, 0, 0, 1, 2, 3]],
  ])('%s is refused', (_, bytes) => {
    expect(() => decode(bytes, 'int64', 5)).toThrow(expect.objectContaining({ code: 'E204' }));
  });
});

describe('runs and bit-packed groups', () => {
  const decode = (bytes: number[], width: number, count: number): number[] =>
    Array.from(decodeHybrid(Uint8Array.from(bytes), width, new Uint32Array(count)));

  it("the specification's example: 0 to 7 in three bits", () => {
    expect(decode([3, 0b10001000, 0b11000110, 0b11111010], 3, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('a run, then a group cut where its values are not needed', () => {
    expect(decode([8, 5, 3, 0b10001000, 0b11000110], 3, 9)).toEqual([5, 5, 5, 5, 0, 1, 2, 3, 4]);
    expect(decode([2, 1, 2, 3, 4], 32, 1)).toEqual([0x04030201]);
    expect(decode([], 0, 3)).toEqual([0, 0, 0]);
  });

  it.each([
    ['no bytes', [], 1],
    ['a run without its value', [8], 3],
    ['a run of nothing', [0, 1, 0, 1], 3],
    ['a group of nothing', [1, 1], 3],
    ['a group without its bytes', [3, 0], 3],
    ['a length without an end', [255, 255, 255, 255, 255, 255], 3],
    ['33 bits', [2, 0], 33],
  ])('%s is refused', (_, bytes, width) => {
    expect(() => decode(bytes, width, 8)).toThrow('damaged');
  });
});

describe('Thrift headers', () => {
  it('integers, lists and structs, by field number', () => {
    const cursor = thriftCursor(
      Uint8Array.from([0x15, 0x0a, 0x29, 0x25, 0x02, 0x03, 0x1c, 0x11, 0x00, 0x18, 0x01, 0x41, 0x00, 0xff]),
    );
    const struct = readThrift(cursor, { 1: true, 3: true, 4: { 1: true }, 5: true });
    expect(cursor.at).toBe(13);
    expect(struct.number(1)).toBe(5);
    expect(struct.list(3)).toEqual([1, -2]);
    expect(struct.struct(4)?.boolean(1)).toBe(true);
    expect(struct.text(5)).toBe('A');
    expect(struct.number(3)).toBeUndefined();
  });

  it.each([
    ['nothing', []],
    ['an unknown type', [0x1f]],
    ['text beyond the end', [0x18, 0x40, 0x41]],
    ['a list beyond the end', [0x19, 0xf5, 0xff, 0xff, 0x7f]],
    ['an integer without an end', [0x15, ...new Array(12).fill(0xff)]],
    ['structs without an end', new Array(100).fill(0x1c)],
  ])('%s is refused', (_, bytes) => {
    const read = (wanted: Wanted) => () => readThrift(thriftCursor(Uint8Array.from(bytes)), wanted);
    expect(read({ 1: true })).toThrow('damaged');
    expect(read({})).toThrow('damaged');
  });
});
