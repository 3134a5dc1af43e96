import { CollapseError, InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';
import { torchEnvironment } from './torch-globals.js';
import { type Environment, unpickle } from './unpickle.js';

const HINT =
  'save the tensors alone: `torch.save({"prediction": prediction, "target": target}, path)`; weights and modules are no embeddings';

/** How much of a refused pickle is looked at, for the first name that it asks for. */
const LOOKED_AT = 2 ** 20;
const damaged = damagedIn('the pickle is');

/** Makes the error for a name that is not on the list. */
export function asksFor(name: string): InputError {
  return new InputError(
    'E205',
    `this PyTorch file asks for ${shown(name)}, and nothing is run or built by name`,
    {
      hint: HINT,
      fields: { global: name },
    },
  );
}

/**
 * Finds the first class or function that the pickles at the head of a file ask for, beside those of tensors where
 * `torch`. null where none is met.
 */
export function firstName(source: ByteSource, torch: boolean): string | null {
  let found: string | null = null;
  const refuse = (name: string): InputError => {
    found = shown(name);
    return asksFor(name);
  };
  const environment: Environment = torch
    ? torchEnvironment(damaged, refuse)
    : {
        global: (name) => {
          throw refuse(name);
        },
        call: () => null,
        storage: () => {
          throw damaged('refers to what is no storage');
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
