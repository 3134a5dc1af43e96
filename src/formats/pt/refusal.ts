import { CollapseError, InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { conversionLine, TORCH_OF_NUMPY } from '../shared/conversion-line.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';
import { TENSORS_ALONE } from '../shared/python-advice.js';
import { torchEnvironment } from './torch-globals.js';
import { type Environment, unpickle } from './unpickle.js';

/** How much of a refused pickle is looked at, for the first name that it asks for. */
const LOOKED_AT = 2 ** 20;
const damaged = damagedIn('the pickle is');

/** Makes the error for a name that is not on the list. */
export function asksFor(name: string, path: string): InputError {
  return new InputError(
    'E205',
    `this PyTorch file asks for ${shown(name)}, and nothing is run or built by name`,
    { hint: adviceFor(name, path), fields: { global: name } },
  );
}

/** What torch itself loads without running anything has a line that converts the file; anything else is saved anew. */
function adviceFor(name: string, path: string): string {
  if (name === WRAPPED || name.startsWith('torch.distributed.')) {
    return 'save what a DTensor holds, gathered on every rank: `prediction = prediction.full_tensor()`';
  }
  const kind = /^numpy\.(?:_?core\.multiarray\.|ndarray$|dtype)/.test(name)
    ? TORCH_OF_NUMPY
    : DENSE.has(name)
      ? '.pt'
      : null;
  return kind === null ? TENSORS_ALONE : `convert it: \`${conversionLine(path, null, kind)}\``;
}

/** DTensor and other tensors around tensors. */
const WRAPPED = 'torch._utils._rebuild_wrapper_subclass';

/** Tensors of other layouts, of which a dense one can be made. */
const DENSE: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_sparse_tensor',
  'torch._utils._rebuild_qtensor',
]);

/** Says how to make plain numbers of a tensor of another type. */
export function asNumbers(dtype: string): string {
  if (dtype.startsWith('complex')) {
    return 'save its real and imaginary parts: `tensor = torch.view_as_real(tensor.resolve_conj()).flatten(-2)`';
  }
  const call = dtype.startsWith('float8') ? 'float' : 'resolve_neg';
  return `convert it before saving: \`tensor = tensor.${call}()\``;
}

/**
 * Finds the first class or function that the pickles at the head of a file ask for, beside those of tensors where
 * `torch`. null where none is met.
 */
export function firstName(source: ByteSource, torch: boolean): string | null {
  let found: string | null = null;
  const refuse = (name: string): InputError => {
    found = shown(name);
    return asksFor(name, source.path);
  };
  const environment: Environment = torch
    ? torchEnvironment(damaged, refuse)
    : {
        global: (name) => {
          throw refuse(name);
        },
        call: () => null,
        storage: () => {
          throw damaged('refers to something that is not a storage');
        },
      };
  try {
    const bytes = source.slice(0, Math.min(LOOKED_AT, source.byteLength));
    const cursor = new Cursor(bytes, new Budget(damaged));
    while (cursor.peek() === 0x80) unpickle(cursor, environment);
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
  }
  return found;
}

/** A name as it may stand in a message: whoever wrote the file chose it. */
function shown(name: string): string {
  const short = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return /^[\w.]+…?$/.test(short) ? short : JSON.stringify(short);
}
