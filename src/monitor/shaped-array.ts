import { InputError } from '#errors.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { elementValue } from './element-value.js';
import { HALF_DECODERS } from './half-floats.js';

/** Element types whose storage is not one number an element. */
const REFUSED_DTYPES: Readonly<Record<string, 'E206' | 'E225'>> = {
  bool: 'E225',
  string: 'E225',
  complex64: 'E206',
  complex128: 'E206',
  int4: 'E206',
  uint4: 'E206',
};

export interface Layout {
  readonly data: ArrayLike<unknown>;
  readonly shape: ArrayLike<number>;
  readonly stride?: ArrayLike<number> | undefined;
  readonly offset?: number | undefined;
  readonly dtype?: unknown;
}

/**
 * Flat values with a shape as a matrix; leading axes are flattened. Float32Array and Float64Array are kept without
 * copying where they are row-major, every other type becomes float64 (a strided float32 stays float32).
 *
 * @throws InputError E203 where shape, stride and offset do not fit the data, E206 for packed and complex types,
 * E208 empty, E209 fewer than two axes, E211 null, E222 beyond 2^53, E225 not numeric.
 *
 * @example shapedToMatrix('target', { data: [1, 2, 3, 4], shape: [2, 2], stride: [1, 2] }).data // [1, 3, 2, 4]
 */
export function shapedToMatrix(argument: string, layout: Layout): Matrix {
  const { data } = layout;
  const dtype = typeof layout.dtype === 'string' ? layout.dtype : '';
  const refused = Object.hasOwn(REFUSED_DTYPES, dtype) ? REFUSED_DTYPES[dtype] : undefined;
  if (refused !== undefined) {
    throw new InputError(refused, `${argument} has elements of type ${dtype}`, {
      fields: { argument, dtype },
    });
  }
  const shape = checkShape(argument, layout.shape);
  const cols = shape.at(-1)!;
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const stride = checkStride(argument, shape, layout);
  const offset = layout.offset ?? 0;

  const plain = data instanceof Float32Array || data instanceof Float64Array;
  if (plain && isRowMajor(shape, stride)) {
    const whole = offset === 0 && data.length === rows * cols;
    return { data: whole ? data : data.subarray(offset, offset + rows * cols), rows, cols };
  }

  const decode = data instanceof Uint16Array && Object.hasOwn(HALF_DECODERS, dtype) && HALF_DECODERS[dtype];
  const values = data instanceof Float32Array ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  const step = stride.at(-1)!;
  for (let i = 0, k = 0; i < rows; i++) {
    let from = offset + rowOffset(i, shape, stride);
    for (let j = 0; j < cols; j++, k++, from += step) {
      const value = elementValue(argument, data[from], i, j);
      values[k] = decode ? decode(value) : value;
    }
  }
  return { data: values, rows, cols };
}

function checkShape(argument: string, given: ArrayLike<number>): number[] {
  const shape = Array.from(given);
  const fields = { argument, shape };
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new InputError('E209', `the shape of ${argument} is not made of integers: [${shape.join(', ')}]`, {
      fields,
    });
  }
  if (shape.length < 2) {
    throw new InputError('E209', `the shape of ${argument} is [${shape.join(', ')}]; a batch is [N, D]`, {
      fields,
    });
  }
  if (shape.includes(0)) {
    throw new InputError('E208', `${argument} is empty: its shape is [${shape.join(', ')}]`, { fields });
  }
  return shape;
}

function checkStride(argument: string, shape: readonly number[], layout: Layout): readonly number[] {
  const size = shape.reduce((product, n) => product * n, 1);
  const actual = layout.data.length;
  const text = `[${shape.join(', ')}]`;
  if (layout.stride === undefined && layout.offset === undefined) {
    if (actual !== size) {
      throw new InputError('E203', `${argument} has ${actual} values, its shape ${text} needs ${size}`, {
        fields: { argument, shape, expected: size, actual },
        hint: 'pass the shape of exactly these values',
      });
    }
    return rowMajorStride(shape);
  }
  const stride = layout.stride === undefined ? rowMajorStride(shape) : Array.from(layout.stride);
  const offset = layout.offset ?? 0;
  let first = offset;
  let last = offset;
  for (const [axis, n] of shape.entries()) {
    const reach = (n - 1) * (stride[axis] ?? Number.NaN);
    first += Math.min(0, reach);
    last += Math.max(0, reach);
  }
  const fits =
    stride.length === shape.length && [offset, ...stride].every(Number.isSafeInteger) && first >= 0;
  if (!fits || last >= actual) {
    const view = `shape ${text}, stride [${stride.join(', ')}] and offset ${offset}`;
    throw new InputError('E203', `${argument} has ${actual} values, which do not fit ${view}`, {
      fields: { argument, shape, stride, offset, actual },
      hint: 'pass the stride and offset of exactly this array',
    });
  }
  return stride;
}

function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) stride[axis] = stride[axis + 1]! * shape[axis + 1]!;
  return stride;
}

/** An axis of length 1 is never stepped along, so its stride says nothing. */
function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  const expected = rowMajorStride(shape);
  return shape.every((n, axis) => n === 1 || stride[axis] === expected[axis]);
}

/** Where the row with this flattened index starts. */
function rowOffset(row: number, shape: readonly number[], stride: readonly number[]): number {
  let offset = 0;
  for (let axis = shape.length - 2, rest = row; axis >= 0; axis--) {
    offset += (rest % shape[axis]!) * stride[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return offset;
}
