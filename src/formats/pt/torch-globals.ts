import type { InputError } from '#errors.js';
import type { Damaged } from '../shared/damaged.js';
import { MAX_AXES } from '../shared/description.js';
import type { NumericType } from '../shared/numeric.js';
import type { Environment } from './unpickle.js';
import { INERT, isCount, isTuple, type Storage, type Tensor, type Value } from './values.js';

interface ElementType {
  readonly dtype: string;
  readonly numeric: NumericType | null;
  readonly bytes: number;
}

const number = (numeric: NumericType, bytes: number): ElementType => ({ dtype: numeric, numeric, bytes });
const other = (dtype: string, bytes: number): ElementType => ({ dtype, numeric: null, bytes });

/** By torch's names; what is not here has no element size that is known. */
const DTYPES: Readonly<Record<string, ElementType>> = {
  float64: number('float64', 8),
  float32: number('float32', 4),
  float16: number('float16', 2),
  bfloat16: number('bfloat16', 2),
  int64: number('int64', 8),
  int32: number('int32', 4),
  int16: number('int16', 2),
  int8: number('int8', 1),
  uint8: number('uint8', 1),
  uint16: number('uint16', 2),
  uint32: number('uint32', 4),
  uint64: number('uint64', 8),
  bool: number('bool', 1),
  complex32: other('complex32', 4),
  complex64: other('complex64', 8),
  complex128: other('complex128', 16),
  float8_e4m3fn: other('float8_e4m3fn', 1),
  float8_e4m3fnuz: other('float8_e4m3fnuz', 1),
  float8_e5m2: other('float8_e5m2', 1),
  float8_e5m2fnuz: other('float8_e5m2fnuz', 1),
  float8_e8m0fnu: other('float8_e8m0fnu', 1),
};

/** What each storage class holds; an untyped one holds bytes, and the tensor says of what type. */
const STORAGES: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
};
const UNTYPED = 'UntypedStorage';

const REBUILD = 'torch._utils._rebuild_tensor_v2';
const REBUILD_TYPED = 'torch._utils._rebuild_tensor_v3';
const REBUILD_PARAMETER = 'torch._utils._rebuild_parameter';
const REBUILD_PARAMETER_WITH_STATE = 'torch._utils._rebuild_parameter_with_state';
/** A tensor that has attributes: what rebuilds it without them, its class, the arguments and the attributes. */
const REBUILD_WITH_ATTRIBUTES = 'torch._tensor._rebuild_from_type_v2';

/** Every class and function that a file may name. */
const ALLOWED: ReadonlySet<string> = new Set([
  REBUILD,
  REBUILD_TYPED,
  REBUILD_PARAMETER,
  REBUILD_PARAMETER_WITH_STATE,
  REBUILD_WITH_ATTRIBUTES,
  'torch.Tensor',
  'torch.nn.parameter.Parameter',
  'collections.OrderedDict',
  'torch.Size',
  'torch.device',
  '_codecs.encode',
  '__builtin__.set',
  'builtins.set',
  'torch.storage.UntypedStorage',
  ...Object.keys(STORAGES).map((name) => `torch.${name}`),
  ...Object.keys(DTYPES).map((name) => `torch.${name}`),
]);

/** Returns what the pickle of a tensor file may name; `refuse` makes the error for any other name. */
export function torchEnvironment(damaged: Damaged, refuse: (name: string) => InputError): Environment {
  return {
    global(name) {
      if (!ALLOWED.has(name)) throw refuse(name);
      return { kind: 'global', name };
    },
    call: (name, args) => call(name, args, damaged),
    storage: (id) => storageOf(id, damaged),
  };
}

function call(name: string, args: readonly Value[], damaged: Damaged): Value | null {
  const [first] = args;
  switch (name) {
    case REBUILD:
      return tensorOf(args, null, args[6], damaged);
    case REBUILD_TYPED:
      return tensorOf(args, args[6], args[7], damaged);
    case REBUILD_WITH_ATTRIBUTES:
      if (typeof first !== 'object' || first?.kind !== 'global' || !isTuple(args[2])) return null;
      return first.name.startsWith('torch._utils.') ? call(first.name, args[2].items, damaged) : null;
    case REBUILD_PARAMETER:
    case REBUILD_PARAMETER_WITH_STATE:
      return isTensor(first) ? first : null;
    case 'torch.Size':
      return isTuple(first) ? first : null;
    case 'torch.device':
    case '_codecs.encode':
    case '__builtin__.set':
    case 'builtins.set':
      return INERT;
    default:
      return null;
  }
}

/** Reads the arguments (storage, offset, shape, strides, requires_grad, hooks, …). */
function tensorOf(
  [storage, offset, shape, strides]: readonly Value[],
  dtype: Value | undefined,
  metadata: Value | undefined,
  damaged: Damaged,
): Tensor | null {
  if (!isStorage(storage)) return null;
  const type = dtype === null ? storage.type : dtypeName(dtype);
  const element = Object.hasOwn(DTYPES, type) ? DTYPES[type] : undefined;
  const axes = isTuple(shape) ? shape.items : [];
  const steps = isTuple(strides) ? strides.items : [];
  const readable = isTuple(shape) && isTuple(strides) && isCount(offset) && element !== undefined;
  if (!readable || axes.length !== steps.length || axes.length > MAX_AXES) return null;
  if (!axes.every(isCount) || !steps.every(isCount)) return null;
  const size = storage.type === '' ? storage.count / element.bytes : storage.count;
  const reach = axes.includes(0) ? 0 : axes.reduce((sum, n, i) => sum + (n - 1) * steps[i]!, offset + 1);
  if (!(reach <= size)) {
    throw damaged(`has a tensor [${axes.join(', ')}] that ends at element ${reach} of ${size}`, {
      fields: { expected: reach, actual: size },
    });
  }
  const { bytes: itemSize } = element;
  // A negative or conjugate bit: the stored numbers are not the tensor's.
  const isPlain = metadata === undefined || metadata === null || isEmptyDict(metadata);
  return {
    kind: 'tensor',
    storage,
    dtype: isPlain ? element.dtype : `${element.dtype} with a sign or conjugate bit`,
    numeric: isPlain ? element.numeric : null,
    itemSize,
    offset,
    shape: axes,
    strides: steps,
  };
}

/** Reads ('storage', class, key, location, count). */
function storageOf(id: Value, damaged: Damaged): Storage {
  const [word, type, key, , count] = isTuple(id) ? id.items : [];
  const name = typeof type === 'object' && type?.kind === 'global' ? type.name.split('.').at(-1)! : '';
  const typeName = Object.hasOwn(STORAGES, name) ? STORAGES[name]! : name === UNTYPED ? '' : null;
  if (word !== 'storage' || typeof key !== 'string' || typeName === null || !isCount(count)) {
    throw damaged('refers to something that is not a storage');
  }
  return { kind: 'storage', key, type: typeName, count };
}

/** How many bytes a storage has. */
export function storageBytes({ type, count }: Storage): number {
  return type === '' ? count : count * DTYPES[type]!.bytes;
}

function dtypeName(value: Value | undefined): string {
  return typeof value === 'object' && value?.kind === 'global' ? value.name.replace(/^torch\./, '') : '';
}

function isTensor(value: Value | undefined): value is Tensor {
  return typeof value === 'object' && value?.kind === 'tensor';
}

function isStorage(value: Value | undefined): value is Storage {
  return typeof value === 'object' && value?.kind === 'storage';
}

function isEmptyDict(value: Value): boolean {
  return typeof value === 'object' && value?.kind === 'dict' && value.entries.size === 0;
}
