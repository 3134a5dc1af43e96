import { InputError } from '#errors.js';
import type { ArrayDescription } from '../shared/define-format.js';
import type { NumericType } from '../shared/numeric.js';
import type { ArrowField } from './schema.js';
import { type TensorType, tensorOf } from './tensor-type.js';

/** Counts that say where in a batch's lists a field's own entries lie. */
export interface ArrowPlace {
  readonly nodes: number;
  /** Without the variadic buffers of the views before it. */
  readonly buffers: number;
  readonly views: number;
}

/** A top-level field, with what is needed to read it as rows of numbers. */
export interface ArrowColumn extends TensorType {
  readonly field: ArrowField;
  readonly place: ArrowPlace;
  /** From the outermost list to the innermost; empty for one number a row. */
  readonly levels: readonly ListLevel[];
  /** The type of the numbers, or null where the column holds something else. */
  readonly leaf: NumericType | null;
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

function typeName({ type, children }: ArrowField): string {
  if (type.kind === 'number') return type.numeric;
  if (type.kind === 'other') return type.name;
  return `${type.kind} of ${children.map(typeName).join()}`;
}
