import type { FlagName, FlagValues } from '../flags.js';

/** Flags that say the same thing in two ways: either one, set nearer to the user, replaces the other too. */
const SAME_MATTER: readonly (readonly FlagName[])[] = [
  ['failFast', 'keepGoing'],
  ['output', 'json'],
];

/** `over` laid on `base`, key by key; a list replaces a list. */
export function mergeFlags(base: FlagValues, over: FlagValues): FlagValues {
  const replaced = SAME_MATTER.filter((names) => names.some((name) => over[name] !== undefined)).flat();
  const kept = Object.entries(base).filter(([name]) => !replaced.includes(name as FlagName));
  return { ...Object.fromEntries(kept), ...over };
}
