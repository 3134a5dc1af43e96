import { InputError } from '#errors.js';
import { memorySource } from '#io/memory-source.js';
import { damagedHeader } from '../arrow/damaged.js';
import { readArrowMessage } from '../arrow/message.js';
import { TENSOR_EXTENSION, type TensorType, tensorOf } from '../arrow/tensor-type.js';
import { Budget } from '../shared/budget.js';

/**
 * Finds the columns that are tensors in the Arrow schema that pyarrow leaves in a file's metadata, base64 of a message:
 * to Parquet they are plain lists. A schema that cannot be read, or has types of a later version, says nothing.
 */
export function tensorColumns(
  base64: string,
  maxMemory: number | undefined,
): ReadonlyMap<string, TensorType> {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  const tensors = new Map<string, TensorType>();
  if (Buffer.from(bytes.buffer).indexOf(TENSOR_EXTENSION) < 0) return tensors;
  try {
    const source = memorySource('ARROW:schema', bytes);
    const budget = new Budget(damagedHeader, maxMemory);
    const message = readArrowMessage({ source, budget, limit: bytes.length }, 0, 0);
    for (const field of message.kind === 'schema' ? message.schema.fields : []) {
      const tensor = tensorOf(field);
      if (tensor.tensorShape !== null) tensors.set(field.name, tensor);
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return tensors;
}
