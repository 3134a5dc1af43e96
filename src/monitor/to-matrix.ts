import { InputError } from '#errors.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { kindOf } from './element-value.js';
import { nestedToMatrix } from './nested-arrays.js';
import { shapedToMatrix } from './shaped-array.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A batch, however its owner holds it, as a matrix [N, D]. Recognised, in this order: nested arrays; a matrix
 * (`data`, `rows`, `cols`); after `detach()` and `cpu()` where they exist, `dataSync()` with `shape`, `arraySync()`,
 * `data` with `shape` or `dims` (and `stride`, `offset`), `tolist()`. NaN and infinities are left to the batch.
 *
 * @param argument What error messages call it: 'prediction' or 'target'.
 * @throws InputError E203, E206, E208, E209, E210, E211, E222 as the readers of each form say; E225 for what is not
 * numbers at all, among it promises and tensors that cannot be read.
 */
export function toMatrix(argument: string, input: unknown): Matrix {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || ArrayBuffer.isView(input)) {
    return plainToMatrix(argument, input);
  }
  let tensor = settled(argument, input);
  for (const method of ['detach', 'cpu']) {
    if (typeof tensor[method] === 'function') {
      tensor = settled(argument, invoke(argument, tensor, method));
    }
  }
  const { shape, dtype, rows, cols } = tensor;
  if (typeof tensor.dataSync === 'function' && isArrayLike(shape)) {
    const data = invoke(argument, tensor, 'dataSync');
    if (isArrayLike(data))
      return shapedToMatrix(argument, { data, shape: shape as ArrayLike<number>, dtype });
  }
  if (typeof tensor.arraySync === 'function') {
    return plainToMatrix(argument, invoke(argument, tensor, 'arraySync'));
  }
  const sides = shape ?? tensor.dims ?? (rows === undefined || cols === undefined ? undefined : [rows, cols]);
  const data = isArrayLike(sides) ? read(argument, tensor, 'data') : undefined;
  if (isArrayLike(sides) && isArrayLike(data)) {
    return shapedValues(argument, tensor, data, sides as ArrayLike<number>);
  }
  if (typeof tensor.tolist === 'function') {
    return plainToMatrix(argument, invoke(argument, tensor, 'tolist'));
  }
  return plainToMatrix(argument, tensor);
}

function shapedValues(argument: string, tensor: Fields, data: ArrayLike<unknown>, shape: ArrayLike<number>) {
  if (Array.isArray(data) && Array.isArray(data[0])) {
    const matrix = nestedToMatrix(argument, data);
    return shapedToMatrix(argument, { data: matrix.data, shape });
  }
  return shapedToMatrix(argument, {
    data,
    shape,
    dtype: tensor.dtype ?? tensor.type,
    ...(isArrayLike(tensor.stride) ? { stride: tensor.stride as ArrayLike<number> } : {}),
    ...(typeof tensor.offset === 'number' ? { offset: tensor.offset } : {}),
  });
}

function plainToMatrix(argument: string, value: unknown): Matrix {
  if (Array.isArray(value)) return nestedToMatrix(argument, value);
  const fields = { argument };
  if (typeof value === 'number' || typeof value === 'bigint') {
    throw new InputError('E209', `${argument} is ${kindOf(value)}; a batch is [N, D]`, { fields });
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const { length } = value as unknown as { length: number };
    throw new InputError('E209', `${argument} is a typed array of ${length} values without a shape`, {
      fields: { ...fields, shape: [length] },
      hint: 'pass { data, shape: [N, D] }',
    });
  }
  if (isPromise(value)) {
    throw new InputError('E225', `${argument} is a promise`, { fields, hint: 'await it first' });
  }
  const what = value === undefined ? 'missing' : kindOf(value);
  throw new InputError('E225', `${argument} is ${what}; a batch is [N, D] numbers`, { fields });
}

/** An object whose methods can be asked. */
function settled(argument: string, value: unknown): Fields {
  const ready = typeof value === 'object' && value !== null && !isPromise(value);
  return ready ? (value as Fields) : (plainToMatrix(argument, value) as never);
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}

function invoke(argument: string, tensor: Fields, method: string): unknown {
  try {
    return (tensor[method] as () => unknown).call(tensor);
  } catch (cause) {
    throw unreadable(argument, `${method}()`, cause);
  }
}

function read(argument: string, tensor: Fields, property: string): unknown {
  try {
    return tensor[property];
  } catch (cause) {
    throw unreadable(argument, property, cause);
  }
}

function unreadable(argument: string, what: string, cause: unknown): InputError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new InputError('E225', `${argument} cannot be read: ${what} failed: ${message}`, {
    cause,
    fields: { argument },
    hint: 'pass a tensor whose values are in main memory and not disposed',
  });
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
