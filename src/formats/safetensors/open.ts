import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { chooseArray } from '../shared/choose-array.js';
import type { ArrayDescription, OpenedFile, OpenOptions } from '../shared/define-format.js';
import { readStoredMatrix, readStoredVector, type StoredArray } from '../shared/stored-array.js';
import { readSafetensorsHeader, type Tensor } from './header.js';

export function openSafetensors(source: ByteSource, options: OpenOptions): OpenedFile {
  const { tensors, metadata } = readSafetensorsHeader(source, options.maxMemory);
  const arrays = tensors.map((tensor) => ({ ...describe(tensor), tensor }));
  return {
    format: 'safetensors',
    arrays: tensors.map(describe),
    metadata,
    warnings: [],
    async readMatrix(key, rows) {
      const { tensor } = chooseArray('tensor', arrays, key, 'matrix');
      return readStoredMatrix(source, stored(tensor), rows, options);
    },
    async readVector(key, rows) {
      const { tensor } = chooseArray('tensor', arrays, key, 'vector');
      return readStoredVector(source, stored(tensor), rows, options);
    },
    close: () => source.close(),
  };
}

function describe({ name, dtype, numeric, shape }: Tensor): ArrayDescription {
  const kind = numeric === null ? 'other' : shape.length >= 2 ? 'matrix' : 'vector';
  return { key: name, dtype: numeric ?? dtype, shape, order: 'C', kind };
}

function stored({ name, dtype, numeric, shape, dataStart }: Tensor): StoredArray {
  if (numeric !== null) return { type: numeric, bigEndian: false, shape, order: 'C', dataStart };
  throw new InputError('E206', `tensor ${JSON.stringify(name)} is of the type ${dtype}`, {
    hint: 'convert it before saving: `tensor.float()`',
  });
}
