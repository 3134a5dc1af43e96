import { InputError } from '#errors.js';

/** Options as they are, none where they are left out. Throws `InputError` E224 for what is no object. */
export function optionsObject<Options extends object>(options: Options | undefined): Partial<Options> {
  if (options === undefined) return {};
  if (typeof options === 'object' && options !== null) return options;
  throw new InputError('E224', `options must be an object, not ${String(options)}`, {
    fields: { argument: 'options' },
  });
}
