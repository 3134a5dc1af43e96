import { InputError } from '#errors.js';
import { MAX_AXES, product } from '../shared/description.js';
import { damaged } from './damaged.js';
import type { ArrowField } from './schema.js';

export const TENSOR_EXTENSION = 'arrow.fixed_shape_tensor';

export interface TensorType {
  /** What `arrow.fixed_shape_tensor` says of the list's inner shape; null for all other columns. */
  readonly tensorShape: readonly number[] | null;
  /** Why the column can never be read, where its metadata say so. */
  readonly refusal: InputError | null;
}

/** Reads the metadata of `arrow.fixed_shape_tensor`. E204 for a shape that is none, or not of the list's length. */
export function tensorOf(field: ArrowField): TensorType {
  const none = { tensorShape: null, refusal: null };
  if (field.metadata['ARROW:extension:name'] !== TENSOR_EXTENSION) return none;
  if (field.type.kind !== 'fixed-size list') return none;
  const { shape, permutation } = tensorMetadata(field);
  if (shape.length > MAX_AXES) {
    throw damaged(`column ${JSON.stringify(field.name)} has ${shape.length} axes; ${MAX_AXES} is the most`);
  }
  if (product(shape) !== field.type.size) {
    throw damaged(
      `column ${JSON.stringify(field.name)} is a tensor [${shape.join(', ')}] in ${field.type.size} values`,
    );
  }
  const moved = permutation?.some((axis, i) => axis !== i) ?? false;
  if (!moved) return { tensorShape: shape.length === 0 ? [1] : shape, refusal: null };
  const message = `column ${JSON.stringify(field.name)} is a tensor with the permutation [${permutation?.join(', ')}]`;
  return {
    tensorShape: shape,
    refusal: new InputError('E206', message, {
      hint: 'save it in row-major order: `np.ascontiguousarray(x)`',
    }),
  };
}

function tensorMetadata(field: ArrowField): {
  shape: readonly number[];
  permutation: readonly number[] | null;
} {
  let parsed: unknown;
  try {
    parsed = JSON.parse(field.metadata['ARROW:extension:metadata'] ?? '');
  } catch {
    parsed = null;
  }
  const { shape, permutation = null } = (parsed ?? {}) as { shape?: unknown; permutation?: unknown };
  if (!isCounts(shape) || !(permutation === null || isCounts(permutation))) {
    throw damaged(`column ${JSON.stringify(field.name)} is a tensor without a shape`);
  }
  return { shape, permutation };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
