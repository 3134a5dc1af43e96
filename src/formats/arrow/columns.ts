import { InputError } from '#errors.js';
import type { ArrayDescription } from '../shared/define-format.js';
import { product } from '../shared/description.js';
import type { NumericType } from '../shared/numeric.js';
import { damaged } from './damaged.js';
import type { ArrowField } from './schema.js';

/** Counts that say where in a batch's lists a field's own entries lie. */
export interface ArrowPlace {
  readonly nodes: number;
  /** Without the variadic buffers of the views before it. */
  readonly buffers: number;
  readonly views: number;
}

/** A top-level field, with what is needed to read it as rows of numbers. */
export interface ArrowColumn {
  readonly field: ArrowField;
  readonly place: ArrowPlace;
  /** From the outermost list to the innermost; empty for one number a row. */
  readonly levels: readonly ListLevel[];
  /** The type of the numbers, or null where the column holds something else. */
  readonly leaf: NumericType | null;
  /** What `arrow.fixed_shape_tensor` says of the list's inner shape; null for all other columns. */
  readonly tensorShape: readonly number[] | null;
  /** Why the column can never be read, where its metadata say so. */
  readonly refusal: InputError | null;
}

export type ListLevel =
  | { readonly kind: 'list'; readonly offsets: 'int32' | 'int64' }
  | { readonly kind: 'fixed-size list'; readonly size: number };

export function arrowColumns(fields: readonly ArrowField[]): ArrowColumn[] {
  let place: ArrowPlace = { nodes: 0, buffers: 0, views: 0 };
  return fields.map((field) => {
    const column = { field, place, ...numbersOf(field), ...tensorOf(field) };
    place = addPlaces(place, fieldSize(field));
    return column;
  });
}

/** Nodes, fixed buffers and views of a field and everything below it. */
export function fieldSize(field: ArrowField): ArrowPlace {
  const views = field.type.kind === 'other' && field.type.variadic ? 1 : 0;
  return field.children.map(fieldSize).reduce(addPlaces, { nodes: 1, buffers: field.buffers, views });
}

export function addPlaces(a: ArrowPlace, b: ArrowPlace): ArrowPlace {
  return { nodes: a.nodes + b.nodes, buffers: a.buffers + b.buffers, views: a.views + b.views };
}

export function describeColumn(
  { field, levels, leaf, tensorShape }: ArrowColumn,
  rows: number,
): ArrayDescription {
  const inner = tensorShape ?? levels.map((level) => (level.kind === 'list' ? null : level.size));
  return {
    key: field.name,
    dtype: leaf ?? typeName(field),
    shape: leaf === null ? [rows] : [rows, ...inner],
    order: 'C',
    kind: leaf === null ? 'other' : levels.length === 0 ? 'vector' : 'matrix',
  };
}

/** Throws E206 where the column holds no numbers this reader takes. */
export function checkNumbers(column: ArrowColumn): NumericType {
  if (column.refusal !== null) throw column.refusal;
  if (column.leaf !== null) return column.leaf;
  const what = `column ${JSON.stringify(column.field.name)} is of the Arrow type ${typeName(column.field)}`;
  throw new InputError('E206', what, {
    hint: 'cast it before saving: `pyarrow.FixedSizeListArray.from_arrays(x.astype("float32").ravel(), x.shape[1])`',
  });
}

function numbersOf(field: ArrowField): Pick<ArrowColumn, 'levels' | 'leaf'> {
  const levels: ListLevel[] = [];
  let at: ArrowField | undefined = field;
  while (at?.type.kind === 'list' || at?.type.kind === 'fixed-size list') {
    levels.push(at.type);
    at = at.children[0];
  }
  return { levels, leaf: at?.type.kind === 'number' ? at.type.numeric : null };
}

function tensorOf(field: ArrowField): Pick<ArrowColumn, 'tensorShape' | 'refusal'> {
  const none = { tensorShape: null, refusal: null };
  if (field.metadata['ARROW:extension:name'] !== 'arrow.fixed_shape_tensor') return none;
  if (field.type.kind !== 'fixed-size list') return none;
  const { shape, permutation } = tensorMetadata(field);
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

function typeName({ type, children }: ArrowField): string {
  if (type.kind === 'number') return type.numeric;
  if (type.kind === 'other') return type.name;
  return `${type.kind} of ${children.map(typeName).join()}`;
}
