import { InputError } from '#errors.js';
import type { NumericType } from '../shared/numeric.js';
import { damaged } from './damaged.js';
import type { ThriftStruct } from './thrift.js';

/** A top-level column. */
export interface ParquetColumn {
  readonly name: string;
  /** The type of its numbers, or null where it holds something else. */
  readonly leaf: NumericType | null;
  /** What it holds, for messages. */
  readonly typeName: string;
  /** Number of its first leaf among all leaves. */
  readonly leafIndex: number;
  /** Lists around each number: 0 for one number a row. */
  readonly maxRepetition: number;
  /** The level of a number that is there. */
  readonly maxDefinition: number;
}

const MAX_DEPTH = 32;
const REPETITION = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;
const PHYSICAL = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
/** Converted types that leave a plain integer: UINT_8 to UINT_64, INT_8 to INT_64. */
const UNSIGNED: readonly number[] = [11, 12, 13, 14];
const SIGNED: readonly number[] = [15, 16, 17, 18];
const LOGICAL_INTEGER = 10;
const LOGICAL_FLOAT16 = 15;

/** Walks the schema, a tree written depth first. E204 where it contradicts itself or names a column twice. */
export function parquetColumns(elements: readonly ThriftStruct[]): {
  readonly columns: readonly ParquetColumn[];
  readonly leaves: number;
} {
  const columns: ParquetColumn[] = [];
  const names = new Set<string>();
  let at = 1;
  let leaves = 0;

  /** Passes over one node and all below it; says what a chain of single children leads to. */
  const walk = (depth: number): Omit<ParquetColumn, 'name' | 'leafIndex'> => {
    const element = elements[at++];
    if (element === undefined || depth > MAX_DEPTH) throw damaged('its schema ends early or is too deep');
    const repetition = REPETITION[element.number(3) ?? 0];
    if (repetition === undefined) throw damaged('its schema has an unknown repetition');
    const children = element.number(5) ?? 0;
    if (!(children >= 0 && children <= elements.length))
      throw damaged(`a column claims ${children} children`);
    let inner: Omit<ParquetColumn, 'name' | 'leafIndex'>;
    if (children === 0) {
      leaves += 1;
      inner = { ...leafType(element), maxRepetition: 0, maxDefinition: 0 };
    } else {
      const below = Array.from({ length: children }, () => walk(depth + 1));
      inner =
        below.length === 1 && below[0] !== undefined
          ? below[0]
          : { leaf: null, typeName: `struct of ${children}`, maxRepetition: 0, maxDefinition: 0 };
    }
    return {
      ...inner,
      maxRepetition: inner.maxRepetition + (repetition === 'REPEATED' ? 1 : 0),
      maxDefinition: inner.maxDefinition + (repetition === 'REQUIRED' ? 0 : 1),
    };
  };

  const top = elements[0]?.number(5) ?? 0;
  if (!(top >= 0 && top < Math.max(1, elements.length))) throw damaged(`its schema claims ${top} columns`);
  for (let i = 0; i < top; i++) {
    const name = elements[at]?.text(4) ?? '';
    if (names.has(name)) throw new InputError('E204', `two columns are named ${JSON.stringify(name)}`);
    names.add(name);
    const leafIndex = leaves;
    columns.push({ name, leafIndex, ...walk(0) });
  }
  if (at < elements.length) throw damaged(`its schema has ${elements.length} parts; ${at} are used`);
  return { columns, leaves };
}

function leafType(element: ThriftStruct): Pick<ParquetColumn, 'leaf' | 'typeName'> {
  const physical = PHYSICAL[element.number(1) ?? -1];
  if (physical === undefined) throw damaged('its schema has a column of an unknown type');
  const converted = element.number(6);
  const logical = element.struct(10);
  const integer = logical?.struct(LOGICAL_INTEGER);
  const unsigned = (converted !== undefined && UNSIGNED.includes(converted)) || integer?.boolean(2) === false;
  const plain =
    integer !== undefined ||
    (logical === undefined && (converted === undefined || [...UNSIGNED, ...SIGNED].includes(converted)));
  const number = (leaf: NumericType): Pick<ParquetColumn, 'leaf' | 'typeName'> => ({ leaf, typeName: leaf });
  if (physical === 'FLOAT') return number('float32');
  if (physical === 'DOUBLE') return number('float64');
  if (physical === 'BOOLEAN') return number('bool');
  if (physical === 'INT32' && plain) return number(unsigned ? 'uint32' : 'int32');
  if (physical === 'INT64' && plain) return number(unsigned ? 'uint64' : 'int64');
  if (physical === 'FIXED_LEN_BYTE_ARRAY' && logical?.has(LOGICAL_FLOAT16) && element.number(2) === 2) {
    return number('float16');
  }
  return { leaf: null, typeName: physical.toLowerCase() };
}
