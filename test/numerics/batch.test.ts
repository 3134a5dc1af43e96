import { describe, expect, it } from 'vitest';
import type { ErrorCode, InputError } from '#errors.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { inputErrorOf } from '../support/thrown.js';

const zeros = (rows: number, cols: number): Matrix => ({ data: new Float64Array(rows * cols), rows, cols });

type Values = Float32ArrayConstructor | Float64ArrayConstructor;

/** Ones, 7 × 5, but for one value. */
function withValue(value: number, row: number, column: number, Values: Values = Float64Array): Matrix {
  const data = new Values(35).fill(1);
  data[row * 5 + column] = value;
  return { data, rows: 7, cols: 5 };
}

function expectRefusal(action: () => unknown, code: ErrorCode): InputError {
  const error = inputErrorOf(action);
  expect(error.code).toBe(code);
  return error;
}

describe('non-finite values are refused, naming role, row and column', () => {
  const places = [
    [0, 0],
    [3, 2],
    [4, 4],
    [6, 0],
    [6, 4],
  ] as const;

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s', (value) => {
    for (const [row, column] of places) {
      for (const [role, Values] of [
        ['prediction', Float32Array],
        ['target', Float64Array],
      ] as const) {
        const bad = withValue(value, row, column, Values);
        const input = { prediction: zeros(7, 5), target: zeros(7, 5), [role]: bad };
        const error = expectRefusal(() => createBatch(input), 'E207');
        expect(error.message).toContain(role);
        expect(error.message).toContain(`row ${row}, column ${column}`);
        expect(error.fields).toMatchObject({ row, column });
      }
    }
  });

  it('the first of several is named', () => {
    const bad = withValue(Number.NaN, 2, 1);
    bad.data[20] = Number.POSITIVE_INFINITY;
    expect(expectRefusal(() => createBatch({ prediction: bad, target: null }), 'E207').fields).toMatchObject({
      row: 2,
      column: 1,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('as kl_reg: %s', (klReg) => {
    expectRefusal(() => createBatch({ prediction: zeros(2, 2), target: null, klReg }), 'E221');
  });

  it('the largest finite values pass', () => {
    for (const value of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE]) {
      expect(createBatch({ prediction: withValue(value, 3, 3), target: null }).rows).toBe(7);
    }
  });
});

describe('shapes', () => {
  it.each([
    [0, 5],
    [5, 0],
    [0, 0],
  ])('%i × %i is empty', (rows, cols) => {
    expectRefusal(() => createBatch({ prediction: zeros(rows, cols), target: null }), 'E208');
    expectRefusal(() => createBatch({ prediction: zeros(rows, cols), target: zeros(rows, cols) }), 'E208');
  });

  it.each([
    ['rows', zeros(4, 3), zeros(5, 3)],
    ['dimensions', zeros(4, 3), zeros(4, 2)],
    ['both, with the same number of values', zeros(4, 3), zeros(3, 4)],
  ])('different %s', (_, prediction, target) => {
    const error = expectRefusal(() => createBatch({ prediction, target }), 'E214');
    for (const m of [prediction, target]) expect(error.message).toContain(`[${m.rows}, ${m.cols}]`);
  });

  it('data that is shorter or longer than the shape says', () => {
    for (const length of [11, 13]) {
      const prediction = { data: new Float32Array(length), rows: 4, cols: 3 };
      expectRefusal(() => createBatch({ prediction, target: null }), 'E203');
    }
  });
});

it('a batch knows its shape and its defaults', () => {
  const batch = createBatch({ prediction: zeros(4, 3), target: zeros(4, 3) });
  expect(batch).toMatchObject({ rows: 4, cols: 3, klReg: null, klFrom: 'target' });
});

describe('the context', () => {
  it('is null where it was not saved', () => {
    expect(createBatch({ prediction: zeros(2, 3), target: null }).context).toBeNull();
    expect(createBatch({ prediction: zeros(2, 3), target: null, context: null }).context).toBeNull();
  });

  it('is refused in another shape, and with NaN', () => {
    const error = expectRefusal(
      () => createBatch({ prediction: zeros(7, 5), target: zeros(7, 5), context: zeros(7, 4) }),
      'E214',
    );
    expect(error.message).toContain('[7, 5]');
    expect(error.message).toContain('[7, 4]');
    const broken = withValue(Number.NaN, 1, 2);
    expectRefusal(() => createBatch({ prediction: zeros(7, 5), target: null, context: broken }), 'E207');
  });
});

it('what is shared is computed once', () => {
  const { prediction } = createBatch({ prediction: zeros(2, 3), target: null });
  let calls = 0;
  const nothing = { name: 'nothing', needs: [], from: () => ++calls };
  expect([prediction.get(nothing), prediction.get(nothing)]).toEqual([1, 1]);
  expect(calls).toBe(1);
});
