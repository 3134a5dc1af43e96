import { FLAGS, type Flag, type FlagName } from './flags.js';

/** The flags a configuration file may set, by key: all but those that only make sense once. */
export const CONFIG_FLAGS: readonly (readonly [FlagName, Flag<unknown>])[] = (
  Object.entries(FLAGS) as [FlagName, Flag<unknown>][]
).filter(([, flag]) => flag.commandLineOnly !== true);
