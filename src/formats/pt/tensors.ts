import { InputError } from '#errors.js';
import type { Cursor } from '../shared/cursor.js';
import type { Tensor, Value } from './values.js';

/** A tensor of the file, or a number or truth value that stands in a dict, by the keys that lead to it. */
export interface NamedValue {
  /** 'model.layer.weight', 'layers.0'; null for a file that is one tensor. */
  readonly key: string | null;
  readonly value: Tensor | number | boolean;
}

const MAX_DEPTH = 32;
const VALUE_BYTES = 256;

/**
 * Finds the tensors in what a file holds: dicts and lists in one another, keys and positions joined by dots. Numbers
 * count where a dict names them. Lists that hold each other without end are refused, and so is what many share beyond the
 * budget of `cursor`.
 */
export function namedValues(root: Value, cursor: Cursor): NamedValue[] {
  const found: NamedValue[] = [];
  const keys = new Set<string | null>();
  const add = (key: string | null, value: NamedValue['value']): void => {
    cursor.charge(VALUE_BYTES + 4 * (key?.length ?? 0));
    if (keys.has(key)) {
      throw new InputError('E206', `two tensors of the file are called ${JSON.stringify(key)}`, {
        hint: 'give them keys that differ once nested keys are joined by dots',
      });
    }
    keys.add(key);
    found.push({ key, value });
  };
  const visit = (value: Value, path: string | null, inDict: boolean): void => {
    cursor.charge(1);
    if (typeof value === 'number' || typeof value === 'boolean') {
      if (inDict) add(path, value);
    }
    if (typeof value !== 'object' || value === null) return;
    if (value.kind === 'tensor') add(path, value);
    else if (value.kind === 'dict' || value.kind === 'list' || value.kind === 'tuple') {
      cursor.enter(MAX_DEPTH);
      const entries = value.kind === 'dict' ? value.entries : value.items.entries();
      for (const [name, entry] of entries) visit(entry, join(path, name), value.kind === 'dict');
      cursor.leave();
    }
  };
  visit(root, null, false);
  return found;
}

function join(path: string | null, name: string | number | null): string {
  const text = name === null ? 'None' : String(name);
  return path === null ? text : `${path}.${text}`;
}
