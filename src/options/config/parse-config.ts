import { UsageError } from '#errors.js';
import { nearestName } from '#rules/language/nearest-name.js';
import { FLAGS, type Flag, type FlagName, type FlagValues } from '../flags.js';
import { isSwitch, jsonShapeOf } from './json-shape.js';

/** The flags a configuration file may set, by key: all but those that only make sense once. */
export const CONFIG_FLAGS: readonly (readonly [FlagName, Flag<unknown>])[] = (
  Object.entries(FLAGS) as [FlagName, Flag<unknown>][]
).filter(([, flag]) => flag.commandLineOnly !== true);

const KEYS: readonly string[] = [...CONFIG_FLAGS.map(([name]) => name), 'extends', '$schema'];

/** One configuration file's own settings, before those it extends. */
export interface ParsedConfig {
  readonly extends: readonly string[];
  readonly flags: FlagValues;
}

/**
 * Checks what is in a configuration file: keys are the names in the table of flags, values go through the flags' own
 * parsers. Throws `UsageError` E120 with the file and the path of the key that is wrong.
 *
 * @param prefix Where in the file the settings lie: 'collapse.' in a package.json.
 * @param isConfig False for a file that may be anything: a key of it is quoted only where it is like a known one, and
 *   values only where all keys are known.
 */
export function parseConfig(value: unknown, file: string, prefix = '', isConfig = true): ParsedConfig {
  const refuse = (message: string, hint?: string): never => {
    throw new UsageError('E120', message, { path: file, ...(hint === undefined ? {} : { hint }) });
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const where = prefix === '' ? 'the file' : `${prefix.slice(0, -1)}`;
    return refuse(`${where} must be an object, not ${kindOf(value)}`);
  }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    const nearest = nearestName(camelCase(unknown), KEYS);
    if (nearest === null && !isConfig) return refuse('it has a key that no configuration has');
    refuse(`unknown key ${prefix}${unknown}`, nearest === null ? undefined : `did you mean ${nearest}?`);
  }
  const flags: Record<string, unknown> = {};
  let bases: readonly string[] = [];
  for (const [key, setting] of Object.entries(value)) {
    const path = `${prefix}${key}`;
    const known = CONFIG_FLAGS.find(([name]) => name === key);
    if (known !== undefined) flags[key] = settingOf(known[1], setting, path, file);
    else if (key === 'extends') bases = filesOf(setting, path, refuse);
    else if (typeof setting !== 'string') refuse(`${path} must be a string, not ${kindOf(setting)}`);
  }
  // Each value came out of its own flag's parser, which is what FlagValues is derived from.
  return { extends: bases, flags: flags as FlagValues };
}

function settingOf(flag: Flag<unknown>, setting: unknown, path: string, file: string): unknown {
  if (!flag.repeatable) return oneSetting(flag, setting, path, file);
  if (!Array.isArray(setting)) return [oneSetting(flag, setting, path, file)];
  return setting.map((item, i) => oneSetting(flag, item, `${path}[${i}]`, file));
}

function oneSetting(flag: Flag<unknown>, setting: unknown, path: string, file: string): unknown {
  const { type } = jsonShapeOf(flag);
  const fits = type.some((name) => typeof setting === (name === 'integer' ? 'number' : name));
  if (!fits) {
    const expected = [...new Set(type.map((name) => (name === 'integer' ? 'number' : name)))].join(' or ');
    throw new UsageError('E120', `${path} must be a ${expected}, not ${kindOf(setting)}`, { path: file });
  }
  if (isSwitch(flag)) return setting;
  try {
    return flag.parse(String(setting), path);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    const message = cause.fields.flag === path ? cause.message : `${path}: ${cause.message}`;
    throw new UsageError('E120', message, {
      path: file,
      cause,
      fields: { ...cause.fields, key: path },
      ...(cause.excerpt === undefined ? {} : { excerpt: cause.excerpt }),
      ...(cause.hasOwnHint ? { hint: cause.hint } : {}),
    });
  }
}

function filesOf(setting: unknown, path: string, refuse: (message: string) => never): string[] {
  const files: unknown[] = Array.isArray(setting) ? setting : [setting];
  if (files.every((name): name is string => typeof name === 'string' && name !== '')) return files;
  return refuse(`${path} must be the name of a file, or an array of them`);
}

function camelCase(key: string): string {
  return key.replace(/^-+/, '').replace(/[-_]+([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/** Flags that say the same thing in two ways: either one, set nearer to the user, replaces the other too. */
const SAME_MATTER: readonly (readonly FlagName[])[] = [
  ['failFast', 'keepGoing'],
  ['output', 'json'],
];

/** Lays `over` on `base`, key by key; a list replaces a list. */
export function mergeFlags(base: FlagValues, over: FlagValues): FlagValues {
  const replaced = SAME_MATTER.filter((names) => names.some((name) => over[name] !== undefined)).flat();
  const kept = Object.entries(base).filter(([name]) => !replaced.includes(name as FlagName));
  return { ...Object.fromEntries(kept), ...over };
}
