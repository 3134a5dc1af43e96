import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeCollapseMetrics } from '#monitor/collapse-metrics.js';
import type { EmbeddingInput } from '#monitor/embedding-input.js';
import { decodeBfloat16 } from '#monitor/half-floats.js';
import { toMatrix } from '#monitor/to-matrix.js';
import { halfValue } from '#numerics/floating/half.js';

type Rows = readonly (readonly number[])[];

const transposed = (rows: Rows) => rows[0]!.map((_, j) => rows.map((row) => row[j]!));
const shapeOf = (rows: Rows) => [rows.length, rows[0]!.length];
const int8 = (rows: Rows) => Int8Array.from(rows.flat());

/** Bits of the small integers that the batches below are made of. */
function float16Bits(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  const fraction = (Math.abs(x) / 2 ** exponent - 1) * 1024;
  return (x < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
}
const bfloat16Bits = (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16;

const Float16 = (globalThis as { Float16Array?: { from(values: readonly number[]): ArrayLike<number> } })
  .Float16Array;

/** Every way to hold the same integers between -128 and 127. */
const REPRESENTATIONS: Readonly<Record<string, (rows: Rows) => unknown>> = {
  'rows of Float32Array': (rows) => rows.map((row) => Float32Array.from(row)),
  'rows of bigints': (rows) => rows.map((row) => row.map(BigInt)),
  'rows of BigInt64Array': (rows) => rows.map((row) => BigInt64Array.from(row.map(BigInt))),
  'three axes': (rows) => [rows],
  'three axes, the second of one': (rows) => rows.map((row) => [row]),
  'a matrix': (rows) => ({
    data: Float64Array.from(rows.flat()),
    rows: rows.length,
    cols: rows[0]!.length,
  }),
  'float64 with a shape': (rows) => ({ data: Float64Array.from(rows.flat()), shape: shapeOf(rows) }),
  'float32 with a shape': (rows) => ({ data: Float32Array.from(rows.flat()), shape: shapeOf(rows) }),
  'int8 with a shape': (rows) => ({ data: int8(rows), shape: shapeOf(rows) }),
  'int64 with a shape': (rows) => ({
    data: BigInt64Array.from(rows.flat().map(BigInt)),
    shape: shapeOf(rows),
  }),
  'numbers with a shape': (rows) => ({ data: rows.flat(), shape: Int32Array.from(shapeOf(rows)) }),
  'nested arrays with a shape': (rows) => ({ data: rows, shape: shapeOf(rows) }),
  'float16 bits': (rows) => ({
    data: Uint16Array.from(rows.flat(), float16Bits),
    dims: shapeOf(rows),
    type: 'float16',
  }),
  'bfloat16 bits': (rows) => ({
    data: Uint16Array.from(rows.flat(), bfloat16Bits),
    shape: shapeOf(rows),
    dtype: 'bfloat16',
  }),
  'an ONNX Runtime tensor': (rows) => ({
    data: Float32Array.from(rows.flat()),
    dims: shapeOf(rows),
    type: 'float32',
    location: 'cpu',
  }),
  'an ndarray, row-major with an offset': (rows) => ({
    data: Float32Array.from([99, 99, ...rows.flat(), 99]),
    shape: shapeOf(rows),
    stride: [rows[0]!.length, 1],
    offset: 2,
    dtype: 'float32',
  }),
  'an ndarray, column-major': (rows) => ({
    data: Float32Array.from(transposed(rows).flat()),
    shape: shapeOf(rows),
    stride: [1, rows.length],
    offset: 0,
  }),
  'an ndarray, both axes reversed': (rows) => ({
    data: Float64Array.from(rows.flat().reverse()),
    shape: shapeOf(rows),
    stride: [-rows[0]!.length, -1],
    offset: rows.flat().length - 1,
  }),
  'an ndarray of three axes, every other element': (rows) => ({
    data: Int16Array.from(rows.flat().flatMap((x) => [x, 77])),
    shape: [1, ...shapeOf(rows)],
    stride: [0, 2 * rows[0]!.length, 2],
    offset: 0,
  }),
  'a TensorFlow.js tensor': (rows) => ({
    shape: shapeOf(rows),
    dtype: 'float32',
    data: async () => expect.fail('data() is asynchronous'),
    dataSync: () => Float32Array.from(rows.flat()),
    arraySync: () => expect.fail('dataSync comes first'),
  }),
  'a tensor with arraySync alone': (rows) => ({ arraySync: () => rows }),
  'a tensor with tolist alone': (rows) => ({ tolist: () => rows }),
  'a tensor to detach and bring to the cpu': (rows) => ({
    tolist: () => expect.fail('not detached'),
    detach: () => ({
      tolist: () => expect.fail('not on the cpu'),
      cpu: () => ({ tolist: () => rows }),
    }),
  }),
  'a tensor whose detach gives nested arrays': (rows) => ({ detach: () => rows }),
};
const batch: fc.Arbitrary<{ prediction: number[][]; target: number[][] }> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .chain(([n, d]) => {
    const row = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: d, maxLength: d });
    const rows = fc.array(row, { minLength: n, maxLength: n });
    return fc.record({ prediction: rows, target: rows });
  });

describe('the same numbers give the same metrics', () => {
  it.each(Object.keys(REPRESENTATIONS))('as %s', (name) => {
    const represent = REPRESENTATIONS[name] as (rows: Rows) => EmbeddingInput;
    fc.assert(
      fc.property(batch, ({ prediction, target }) => {
        const expected = computeCollapseMetrics(prediction, target, { klReg: 'computed' });
        const options = { klReg: 'computed' } as const;
        expect(computeCollapseMetrics(represent(prediction), represent(target), options)).toEqual(expected);
        expect(computeCollapseMetrics(represent(prediction), target, options)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(Float16 === undefined)('as Float16Array, where this Node has it', () => {
    const matrix = toMatrix('prediction', { data: Float16!.from([1, -2, 0.5, 4]), shape: [2, 2] });
    expect([...matrix.data]).toEqual([1, -2, 0.5, 4]);
  });
});

describe('toMatrix', () => {
  it.each([Float32Array, Float64Array])('keeps a row-major %o without copying', (Floats) => {
    const data = Floats.of(1, 2, 3, 4, 5, 6);
    expect(toMatrix('target', { data, shape: [2, 3] }).data).toBe(data);
    expect(toMatrix('target', { data, dims: [3, 1, 2] }).data).toBe(data);
    const view = toMatrix('target', { data, shape: [2, 2], stride: [2, 1], offset: 1 }).data;
    expect([view.buffer === data.buffer, ...view]).toEqual([true, 2, 3, 4, 5]);
  });

  it('ignores the stride of an axis of length 1', () => {
    const data = Float32Array.of(1, 2);
    expect(toMatrix('target', { data, shape: [1, 2], stride: [77, 1], offset: 0 }).data).toBe(data);
  });

  it('keeps a strided float32 as float32', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const matrix = toMatrix('target', { data, shape: [2, 2], stride: [1, 2], offset: 0 });
    expect(matrix).toEqual({ data: Float32Array.of(1, 3, 2, 4), rows: 2, cols: 2 });
  });

  it('flattens leading axes', () => {
    const nested = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ];
    const expected = { data: Float64Array.from(nested.flat(2)), rows: 6, cols: 2 };
    expect(toMatrix('target', nested)).toEqual(expected);
    expect(toMatrix('target', { data: expected.data, shape: [2, 3, 2] })).toEqual(expected);
  });

  it('takes integers up to 2^53', () => {
    const data = BigInt64Array.of(2n ** 53n, -(2n ** 53n));
    expect([...toMatrix('target', { data, shape: [2, 1] }).data]).toEqual([2 ** 53, -(2 ** 53)]);
  });
});

describe('16-bit floats', () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('float16 %i is %d', (bits, value) => {
    expect(halfValue(bits)).toBe(value);
  });

  it.each([
    [0x0000, 0],
    [0x3f80, 1],
    [0xc000, -2],
    [0x0001, 2 ** -133],
    [0x7f7f, 255 * 2 ** 120],
    [0xff80, Number.NEGATIVE_INFINITY],
    [0x7fc0, Number.NaN],
  ])('bfloat16 %i is %d', (bits, value) => {
    expect(decodeBfloat16(bits)).toBe(value);
  });
});
