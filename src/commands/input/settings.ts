import { basename, dirname, join, relative, resolve } from 'node:path';
import { InputError, UsageError } from '#errors.js';
import { nodeDirectories } from '#io/node-directories.js';
import { readText } from '#io/read-text.js';
import type { CommandName } from '#options/commands.js';
import { CONFIG_FLAGS, mergeFlags, parseConfig } from '#options/config/parse-config.js';
import type { FlagValues } from '#options/flags.js';
import type { CommandContext } from './context.js';

/**
 * Lays the command line on the configuration file that is named by --config or found upwards. Throws `UsageError`
 * E120 for a file that is missing, is no JSON, or says what cannot be used.
 */
export function settingsFor(
  command: CommandName,
  flags: FlagValues,
  { cwd }: Pick<CommandContext, 'cwd'>,
): FlagValues {
  const file = flags.config === undefined ? nearestConfig(cwd) : resolve(cwd, flags.config);
  if (file === null) return flags;
  const config = new ConfigReader(cwd).read(file, []);
  const own = CONFIG_FLAGS.filter(([, flag]) => flag.commands.includes(command)).map(([name]) => name);
  return mergeFlags(Object.fromEntries(own.map((name) => [name, config[name]])) as FlagValues, flags);
}

/**
 * Finds the configuration nearest to `cwd`: `collapse.config.json`, else a `package.json` that has a `collapse` key, in it
 * or in a directory above it, up to the one with `.git` in it. null where there is none.
 */
function nearestConfig(cwd: string): string | null {
  const directories = nodeDirectories(cwd);
  const exists = (path: string) => directories.kind(path) !== 'missing';
  for (let folder = cwd; ; folder = dirname(folder)) {
    const own = join(folder, 'collapse.config.json');
    if (exists(own)) return own;
    const manifest = join(folder, 'package.json');
    if (exists(manifest) && hasSettings(manifest, cwd)) return manifest;
    if (exists(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
}

function hasSettings(path: string, cwd: string): boolean {
  const manifest = parseJson(path, shownPath(cwd, path));
  return typeof manifest === 'object' && manifest !== null && 'collapse' in manifest;
}

/** Reads a configuration and those it extends. */
class ConfigReader {
  readonly #cwd: string;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  read(file: string, extendedBy: readonly string[]): FlagValues {
    const shown = shownPath(this.#cwd, file);
    const chain = [...extendedBy, file];
    if (extendedBy.includes(file)) {
      const circle = chain.slice(chain.indexOf(file)).map((path) => shownPath(this.#cwd, path));
      throw new UsageError('E120', `extends goes in a circle: ${circle.join(' -> ')}`, {
        path: shown,
        hint: `take ${shownPath(this.#cwd, file)} out of the extends of the last`,
      });
    }
    const document = parseJson(file, shown, extendedBy.at(-1) && shownPath(this.#cwd, extendedBy.at(-1)!));
    const manifest = basename(file) === 'package.json';
    const value = manifest ? (document as { collapse?: unknown } | null)?.collapse : document;
    const { extends: bases, flags } = parseConfig(value, shown, manifest ? 'collapse.' : '');
    const inherited = bases.reduce<FlagValues>(
      (merged, base) => mergeFlags(merged, this.read(resolve(dirname(file), base), chain)),
      {},
    );
    return mergeFlags(inherited, flags);
  }
}

function parseJson(file: string, shown: string, extendedBy?: string): unknown {
  let text: string;
  try {
    text = readText(file);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const what =
      extendedBy === undefined ? 'the configuration' : `the configuration that ${extendedBy} extends`;
    throw new UsageError('E120', `${what} cannot be read: ${cause.message}`, {
      path: shown,
      cause,
      hint:
        extendedBy === undefined
          ? 'name a file of JSON, such as collapse.config.json'
          : `names in extends are taken from the folder of ${extendedBy}`,
    });
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError('E120', `this is not JSON: ${why}`, {
      path: shown,
      cause,
      hint: 'a configuration is plain JSON: no comments, no trailing commas',
    });
  }
}

/** Names a path as people would from here. */
function shownPath(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('../../../..') ? file : path;
}
