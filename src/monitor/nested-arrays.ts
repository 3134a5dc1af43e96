import { InputError } from '#errors.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { elementValue, kindOf } from './element-value.js';

/** Deeper nesting is a cycle or a mistake. */
const MAX_AXES = 16;

type List = ArrayLike<unknown>;

/**
 * Nested arrays as a matrix: the innermost arrays are the rows, every axis before them is flattened. Rows may be
 * typed arrays. The first element at each depth says how deep and how long the others must be.
 *
 * @throws InputError E208 empty, E209 one axis, E210 ragged (row, expected and actual length), E211 null,
 * E222 beyond 2^53, E225 not numeric (row and column).
 *
 * @example nestedToMatrix('prediction', [[[1, 2]], [[3, 4]]]) // { rows: 2, cols: 2, data: [1, 2, 3, 4] }
 */
export function nestedToMatrix(argument: string, nested: readonly unknown[]): Matrix {
  const shape = shapeOf(argument, nested);
  const cols = shape.at(-1)!;
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  if (shape.length === 1 && cols > 0) {
    elementValue(argument, nested[0], 0, 0);
    throw new InputError('E209', `${argument} has one axis, [${cols}]; a batch is [N, D]`, {
      fields: { argument, shape },
    });
  }
  const data = new Float64Array(rows * cols);
  let row = 0;
  const fill = (list: List, axis: number, index: readonly number[]) => {
    if (axis === shape.length - 1) {
      for (let j = 0; j < cols; j++) data[row * cols + j] = elementValue(argument, list[j], row, j);
      row++;
      return;
    }
    for (let i = 0; i < list.length; i++) {
      const next = list[i];
      const at = [...index, i];
      checkLength(argument, next, shape[axis + 1]!, at, axis + 1 === shape.length - 1 ? row : null);
      fill(next, axis + 1, at);
    }
  };
  fill(nested, 0, []);
  if (data.length === 0) {
    throw new InputError('E208', `${argument} is empty: its shape is [${shape.join(', ')}]`, {
      fields: { argument, shape },
    });
  }
  return { data, rows, cols };
}

function shapeOf(argument: string, nested: readonly unknown[]): number[] {
  const shape: number[] = [];
  let list: unknown = nested;
  while (isList(list)) {
    if (shape.length === MAX_AXES) {
      throw new InputError('E209', `${argument} is nested deeper than ${MAX_AXES} arrays`, {
        fields: { argument, axes: MAX_AXES },
      });
    }
    shape.push(list.length);
    list = list[0];
  }
  return shape;
}

function checkLength(
  argument: string,
  list: unknown,
  expected: number,
  index: readonly number[],
  row: number | null,
): asserts list is List {
  const place = row === null ? `${argument}[${index.join('][')}]` : `row ${row} of ${argument}`;
  const where = row === null ? { index } : { row };
  if (!isList(list)) {
    const code = list === null ? 'E211' : typeof list === 'number' ? 'E210' : 'E225';
    throw new InputError(code, `${place} is ${kindOf(list)}, not an array of length ${expected}`, {
      fields: { argument, ...where },
    });
  }
  if (list.length !== expected) {
    throw new InputError('E210', `${place} has length ${list.length}, the first has ${expected}`, {
      fields: { argument, ...where, expected, actual: list.length },
    });
  }
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
