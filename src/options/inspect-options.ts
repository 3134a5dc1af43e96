import { UsageError } from '#errors.js';
import type { FlagValues } from './flags.js';
import { DEFAULT_MAX_MEMORY } from './measure-options.js';

/** The flags of `inspect`, with their defaults filled in. */
export function inspectOptions(paths: readonly string[], flags: FlagValues) {
  if (paths.length === 0) {
    throw new UsageError('E103', 'no file given', {
      hint: 'name files, such as `collapse inspect run/step_500/prediction.npy`, or `-` for paths on standard input',
    });
  }
  return {
    paths,
    values: flags.values ?? false,
    maxMemory: flags.maxMemory ?? DEFAULT_MAX_MEMORY,
    ...(flags.dtype === undefined ? {} : { rawDtype: flags.dtype }),
  };
}
