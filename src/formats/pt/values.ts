import type { NumericType } from '../shared/numeric.js';

/** A class or function by its name: a word that is compared with a list, never looked up. */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
}

/** Numbers that tensors share: a member of the archive. */
export interface Storage {
  readonly kind: 'storage';
  /** The member's name within `data/`. */
  readonly key: string;
  /** torch's name of its element type; '' for bytes whose type the tensor says. */
  readonly type: string;
  /** Elements; bytes where no type is known. */
  readonly count: number;
}

/** A view of a storage; offset and strides count elements. */
export interface Tensor {
  readonly kind: 'tensor';
  readonly storage: Storage;
  /** numpy's name of the element type, torch's where numpy has none. */
  readonly dtype: string;
  /** How to decode it; null for types that hold no plain real numbers. */
  readonly numeric: NumericType | null;
  readonly itemSize: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}

export interface List {
  readonly kind: 'list';
  readonly items: Value[];
}

export interface Dict {
  readonly kind: 'dict';
  /** By key, as Python tells keys apart; of a key that is set twice the last value. */
  readonly entries: Map<string | number | null, Value>;
}

/** What a tensor does not need: bytes, sets, devices, large integers. */
export interface Inert {
  readonly kind: 'inert';
}

export type Value =
  | null
  | boolean
  | number
  | string
  | Global
  | Storage
  | Tensor
  | Tuple
  | List
  | Dict
  | Inert;

export const INERT: Inert = { kind: 'inert' };

export const isTuple = (value: Value | undefined): value is Tuple =>
  typeof value === 'object' && value?.kind === 'tuple';

/** Is true for a whole number from 0 on that is exact. */
export const isCount = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
