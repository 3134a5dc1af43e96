import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { allocateFloats, checkBudget } from '../shared/allocate.js';
import { Budget } from '../shared/budget.js';
import { chooseArray } from '../shared/choose-array.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';
import type {
  ArrayDescription,
  LoadedMatrix,
  OpenedFile,
  OpenOptions,
  RowRange,
} from '../shared/define-format.js';
import { compressionOf, flattenNotes, product } from '../shared/description.js';
import { NUMERIC } from '../shared/numeric.js';
import type { OwnedFloats } from '../shared/pool.js';
import { countRows, resolveRanges } from '../shared/row-ranges.js';
import { matrixWidth, notAVector, readStoredMatrix, readStoredVector } from '../shared/stored-array.js';
import { type Archive, openArchive } from './archive.js';
import { gather } from './gather.js';
import { asksFor, asNumbers } from './refusal.js';
import { isContiguous, walksOf } from './strided.js';
import { type NamedValue, namedValues } from './tensors.js';
import { torchEnvironment } from './torch-globals.js';
import { unpickle } from './unpickle.js';
import type { Tensor } from './values.js';

const damagedPickle = damagedIn('the PyTorch file is', 'its pickle');

type PtArray = ArrayDescription & { readonly value: NamedValue['value'] };

/**
 * Opens what `torch.save` writes of tensors, alone or in dicts and lists: a zip of one pickle, which a small machine
 * reads without building anything by name, and of one member a storage. Tensors are views of storages, which are read
 * straight from the file, row ranges too; both are held against their checksums where they have any.
 */
export async function openPt(source: ByteSource, options: OpenOptions): Promise<OpenedFile> {
  const archive = await openArchive(source, options);
  const cursor = new Cursor(archive.pickle, new Budget(damagedPickle, options.maxMemory));
  const refuse = (name: string) => asksFor(name, source.path);
  const root = unpickle(cursor, torchEnvironment(damagedPickle, refuse));
  const arrays = namedValues(root, cursor).map((named) => describe(named, archive));

  const readMatrix = async (tensor: Tensor, rows?: readonly RowRange[]): Promise<LoadedMatrix> => {
    const { shape, dtype } = tensor;
    const { storage, taken } = await archive.storage(tensor, rows === undefined);
    const array = stored(tensor, archive.bigEndian);
    if (isContiguous(shape, tensor.strides)) {
      return readStoredMatrix(storage, array, rows, { ...options, taken });
    }
    const cols = matrixWidth(shape);
    const total = product(shape.slice(0, -1));
    const data = gatherRows(storage, tensor, archive.bigEndian, resolveRanges(rows, total), cols, {
      ...options,
      taken,
    });
    source.verifyUnchanged();
    return {
      matrix: { data, rows: data.length / cols, cols },
      dtype,
      shape,
      notes: flattenNotes(shape, total),
    };
  };

  const readVector = async (tensor: Tensor, rows?: readonly RowRange[]): Promise<Float64Array> => {
    const { shape, strides } = tensor;
    const { storage, taken } = await archive.storage(tensor, rows === undefined);
    if (shape.length > 1) throw notAVector(shape);
    if (isContiguous(shape, strides)) {
      return readStoredVector(storage, stored(tensor, archive.bigEndian), rows, { ...options, taken });
    }
    const column = { ...tensor, shape: [...shape, 1], strides: [...strides, 1] };
    const data = gatherRows(storage, column, archive.bigEndian, resolveRanges(rows, product(shape)), 1, {
      ...options,
      taken,
    });
    source.verifyUnchanged();
    return Float64Array.from(data);
  };

  return {
    format: 'pt',
    arrays: arrays.map(({ value: _, ...array }) => array),
    metadata: {},
    warnings: [],
    async readMatrix(key, rows) {
      const { value } = chooseArray('tensor', arrays, key, 'matrix');
      if (typeof value !== 'object') throw new InputError('E209', `${JSON.stringify(key)} is one number`);
      return readMatrix(value, rows);
    },
    async readVector(key, rows) {
      const { value } = chooseArray('tensor', arrays, key, 'vector');
      if (typeof value === 'object') return readVector(value, rows);
      return new Float64Array(countRows(resolveRanges(rows, 1))).fill(Number(value));
    },
    close: () => source.close(),
  };
}

function describe({ key, value }: NamedValue, archive: Archive): PtArray {
  if (typeof value !== 'object') {
    const dtype = typeof value === 'boolean' ? 'bool' : Number.isSafeInteger(value) ? 'int64' : 'float64';
    return { key, dtype, shape: [], order: 'C', kind: 'vector', value };
  }
  const { shape, strides, numeric, dtype } = value;
  const deflated = archive.check(value);
  const kind = numeric === null ? 'other' : shape.length >= 2 ? 'matrix' : 'vector';
  const rows = product(shape.slice(0, -1));
  const isTransposed = shape.length === 2 && strides[0] === 1 && !isContiguous(shape, strides);
  return {
    key,
    dtype,
    shape,
    order: isTransposed ? 'F' : 'C',
    kind,
    ...(deflated ? compressionOf(['deflate']) : {}),
    ...(deflated && kind === 'matrix' ? { together: [[0, rows]] } : {}),
    value,
  };
}

function stored(tensor: Tensor, bigEndian: boolean) {
  const { numeric, shape, offset, dtype } = tensor;
  if (numeric === null) {
    throw new InputError('E206', `the tensor is of the type ${dtype}`, { hint: asNumbers(dtype) });
  }
  return { type: numeric, bigEndian, shape, order: 'C', dataStart: offset * NUMERIC[numeric].bytes } as const;
}

function gatherRows(
  storage: ByteSource,
  tensor: Tensor,
  bigEndian: boolean,
  ranges: readonly RowRange[],
  cols: number,
  memory: OpenOptions & { readonly taken: number },
): OwnedFloats {
  const { type } = stored(tensor, bigEndian);
  const { bytes, wide } = NUMERIC[type];
  // Rows that lie in one another, a few bytes in all, may claim any size: they are not read block by block.
  const whole = product(tensor.shape) * bytes;
  if (whole > storage.byteLength) checkBudget(whole, memory.maxMemory);
  const out = allocateFloats(countRows(ranges) * cols, wide, memory, memory.taken);
  const run = { type, bigEndian, start: 0, count: storage.byteLength / bytes };
  gather(storage, run, walksOf(tensor.shape, tensor.strides, tensor.offset, ranges), out, cols);
  return out;
}
