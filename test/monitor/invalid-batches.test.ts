import { describe, expect, it } from 'vitest';
import { computeCollapseMetrics } from '#monitor/collapse-metrics.js';
import type { EmbeddingInput } from '#monitor/embedding-input.js';
import { inputErrorOf } from '../support/thrown.js';

const GOOD = [
  [1, 2],
  [3, 4],
];
const SPARSE_ROW = [1, 2];
delete SPARSE_ROW[1];
const SPARSE_ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
delete SPARSE_ROWS[1];
const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);

type Case = readonly [what: string, code: string, value: unknown, fields?: object, words?: string];

// biome-ignore format: a table, one case a line
const CASES: readonly Case[] = [
  ['a scalar', 'E209', 3],
  ['a bigint', 'E209', 3n],
  ['undefined', 'E225', undefined, {}, 'is missing'],
  ['null', 'E225', null],
  ['a boolean', 'E225', true],
  ['a string', 'E225', '[[1, 2], [3, 4]]'],
  ['a function', 'E225', () => GOOD],
  ['an object', 'E225', { rows: 2 }],
  ['a promise', 'E225', Promise.resolve(GOOD), {}, 'is a promise'],
  ['a DataView', 'E225', new DataView(new ArrayBuffer(8))],
  ['an empty array', 'E208', [], { shape: [0] }],
  ['one empty row', 'E208', [[]], { shape: [1, 0] }],
  ['empty rows', 'E208', [[], []], { shape: [2, 0] }],
  ['an empty leading axis', 'E208', [[[]]], { shape: [1, 1, 0] }],
  ['one axis', 'E209', [1, 2], { shape: [2] }],
  ['a typed array without a shape', 'E209', Float32Array.of(1, 2), { shape: [2] }],
  ['arrays nested without end', 'E209', CYCLE],
  ['a short row', 'E210', [[1, 2], [3]], { row: 1, expected: 2, actual: 1 }, 'row 1 of'],
  ['a long row', 'E210', [[1], [2], [3, 4]], { row: 2, expected: 1, actual: 2 }],
  ['an empty row after a full one', 'E210', [[1, 2], []], { row: 1, expected: 2, actual: 0 }],
  ['a full row after an empty one', 'E210', [[], [1]], { row: 1, expected: 0, actual: 1 }],
  ['a ragged leading axis', 'E210', [[[1], [2]], [[3]]], { index: [1], expected: 2, actual: 1 }],
  ['a short row of three axes', 'E210', [[[1, 2], [3, 4]], [[5, 6], [7]]], { row: 3 }],
  ['a number among rows', 'E210', [[1, 2], 3], { row: 1 }],
  ['an array among numbers', 'E225', [[1, 2], [[3], 4]], { row: 1, column: 0 }],
  ['null among rows', 'E211', [[1, 2], null], { row: 1 }],
  ['null among numbers', 'E211', [[1, 2], [3, null]], { row: 1, column: 1 }],
  ['a boolean among numbers', 'E225', [[1, 2], [true, 4]], { row: 1, column: 0 }, 'a boolean'],
  ['only booleans', 'E225', [[true, false]], { row: 0, column: 0 }],
  ['a string among numbers', 'E225', [[1, '2']], { row: 0, column: 1 }, 'a string'],
  ['a string among rows', 'E225', [[1, 2], '34'], { row: 1 }],
  ['a list of strings', 'E225', ['12', '34']],
  ['undefined among numbers', 'E225', [[1, undefined]], { row: 0, column: 1 }],
  ['a hole in a row', 'E225', [[1, 2], SPARSE_ROW], { row: 1, column: 1 }, 'a hole'],
  ['a hole among rows', 'E225', SPARSE_ROWS, { row: 1 }, 'a hole'],
  ['NaN', 'E207', [[1, 2], [3, Number.NaN]], { row: 1, column: 1 }, 'NaN'],
  ['Inf', 'E207', [[1, Number.POSITIVE_INFINITY], [3, 4]], { row: 0, column: 1 }, 'Inf'],
  ['-Inf', 'E207', [[1, 2], [Number.NEGATIVE_INFINITY, 4]], { row: 1, column: 0 }, '-Inf'],
  ['NaN in float32', 'E207', { data: Float32Array.of(1, 2, Number.NaN, 4), shape: [2, 2] }, { row: 1 }],
  ['NaN under three axes', 'E207', [[[1, 2]], [[Number.NaN, 4]]], { row: 1, column: 0 }],
  ['a bigint beyond 2^53', 'E222', [[1n, 2n], [3n, 2n ** 53n + 1n]], { row: 1, column: 1 }],
  ['an int64 beyond 2^53', 'E222', { data: BigInt64Array.of(1n, -(2n ** 60n)), shape: [2, 1] }, { row: 1 }],
  ['a shape of too many', 'E203', { data: new Float32Array(4), shape: [2, 3] }, { expected: 6, actual: 4 }],
  ['a shape of too few', 'E203', { data: new Float32Array(4), dims: [1, 3] }, { expected: 3, actual: 4 }],
  ['a shape that is no integer', 'E209', { data: new Float32Array(4), shape: [2, 2.5] }],
  ['a negative shape', 'E209', { data: new Float32Array(4), shape: [-2, -2] }],
  ['a shape of one axis', 'E209', { data: new Float32Array(4), shape: [4] }, { shape: [4] }],
  ['a shape of no axis', 'E209', { data: new Float32Array(1), shape: [] }, { shape: [] }],
  ['a shape with 0', 'E208', { data: new Float32Array(0), shape: [0, 3] }, { shape: [0, 3] }],
  ['a stride past the end', 'E203', { data: new Float32Array(4), shape: [2, 2], stride: [3, 1], offset: 0 }],
  ['an offset past the end', 'E203', { data: new Float32Array(4), shape: [2, 2], stride: [2, 1], offset: 1 }],
  ['a stride before the start', 'E203', { data: new Float32Array(4), shape: [2, 2], stride: [-2, 1] }],
  ['a negative offset', 'E203', { data: new Float32Array(4), shape: [1, 2], offset: -1 }],
  ['a stride of too few axes', 'E203', { data: new Float32Array(4), shape: [2, 2], stride: [1] }],
  ['a stride that is no integer', 'E203', { data: new Float32Array(9), shape: [2, 2], stride: [1.5, 1] }],
  ['strings with a shape', 'E225', { data: ['1', '2'], shape: [1, 2] }, { row: 0, column: 0 }],
  ['null with a shape', 'E211', { data: [1, null], shape: [1, 2] }, { row: 0, column: 1 }],
  ['a bool tensor', 'E225', { data: Uint8Array.of(1, 0), dims: [1, 2], type: 'bool' }, { dtype: 'bool' }],
  ['a bool tensor read by dataSync', 'E225', { dataSync: () => [1, 0], shape: [1, 2], dtype: 'bool' }],
  ['a complex tensor', 'E206', { data: new Float32Array(8), shape: [2, 2], dtype: 'complex64' }],
  ['packed 4-bit integers', 'E206', { data: new Uint8Array(2), dims: [2, 2], type: 'int4' }],
  ['a nested array that its shape contradicts', 'E203', { data: GOOD, shape: [2, 3] }, { expected: 6 }],
  ['a list that is a scalar', 'E209', { tolist: () => 3 }],
  ['a tensor of booleans', 'E225', { tolist: () => [[true]] }],
  ['a tensor read asynchronously', 'E225', { cpu: async () => ({ tolist: () => GOOD }) }],
  ['a list that is a promise', 'E225', { tolist: async () => GOOD }, {}, 'is a promise'],
];

function errorFor(argument: 'prediction' | 'target', value: unknown) {
  const bad = value as EmbeddingInput;
  return inputErrorOf(() =>
    argument === 'prediction'
      ? computeCollapseMetrics(bad, GOOD, { klReg: 0 })
      : computeCollapseMetrics(GOOD, bad, { klReg: 0 }),
  );
}

describe.each(['prediction', 'target'] as const)('%s', (argument) => {
  for (const [what, code, value, fields = {}, words = ''] of CASES) {
    it(`refuses ${what} with ${code}`, () => {
      const error = errorFor(argument, value);
      expect(error.code).toBe(code);
      expect(error.message).toContain(argument);
      expect(error.message).toContain(words);
      expect(error.fields).toMatchObject({ argument, ...fields });
    });
  }

  it('keeps the cause of a tensor that cannot be read', () => {
    const cause = new Error('Tensor is disposed.');
    const fail = () => {
      throw cause;
    };
    const gpu = {
      dims: [2, 2],
      get data() {
        return fail();
      },
    };
    for (const tensor of [{ dataSync: fail, shape: [2, 2] }, { arraySync: fail }, { tolist: fail }, gpu]) {
      const error = errorFor(argument, tensor);
      expect(error).toMatchObject({ code: 'E225', cause });
      expect(error.message).toContain('Tensor is disposed.');
    }
  });
});

describe('prediction and target', () => {
  it('of different N are refused with both shapes', () => {
    const error = inputErrorOf(() => computeCollapseMetrics(GOOD, [[1, 2]], { klReg: 0 }));
    expect(error).toMatchObject({ code: 'E214', fields: { prediction: [2, 2], target: [1, 2] } });
  });

  it('of different D are refused with both shapes', () => {
    const error = inputErrorOf(() => computeCollapseMetrics(GOOD, [[1], [2]], { klReg: 0 }));
    expect(error).toMatchObject({ code: 'E214', fields: { prediction: [2, 2], target: [2, 1] } });
  });

  it('so large that a variance overflows are refused', () => {
    const huge = [[1e200], [-1e200]];
    expect(inputErrorOf(() => computeCollapseMetrics(huge, huge, { klReg: 0 })).code).toBe('E218');
  });
});

describe('klReg', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, '1', 'auto', true, 1n])(
    'refuses %s',
    (klReg) => {
      const error = inputErrorOf(() => computeCollapseMetrics(GOOD, GOOD, { klReg: klReg as number }));
      expect(error).toMatchObject({ code: 'E221', fields: { argument: 'klReg', actual: klReg } });
    },
  );

  it('refuses to be missing', () => {
    const compute = computeCollapseMetrics as (p: EmbeddingInput, t: EmbeddingInput, o?: object) => unknown;
    for (const options of [undefined, {}]) {
      const error = inputErrorOf(() => compute(GOOD, GOOD, options));
      expect(error.code).toBe('E221');
      expect(error.message).toContain('klReg is missing');
    }
  });
});
