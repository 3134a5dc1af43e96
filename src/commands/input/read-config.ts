import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '#errors.js';
import { nodeDirectories } from '#io/node-directories.js';
import { realPath } from '#io/real-path.js';
import { mergeFlags, parseConfig } from '#options/config/parse-config.js';
import type { FlagValues } from '#options/flags.js';
import { parseJson } from './parse-json.js';
import { shownPath } from './shown-path.js';
import { whyNotTaken } from './why-not-taken.js';

/** Far beyond any configuration. */
const MOST_FILES = 100;

/** Reads a configuration and those it extends, each file once however often and by whatever name it is asked for. */
export class ConfigReader {
  readonly #cwd: string;
  readonly #limits: { readonly boundary: string | null } | null;
  /** By real path; null while a file waits for those it extends. */
  readonly #settings = new Map<string, FlagValues | null>();

  /** @param limits Where the files may lie that are extended; null where they were chosen by the user. */
  constructor(cwd: string, limits: { readonly boundary: string | null } | null) {
    this.#cwd = cwd;
    this.#limits = limits;
  }

  /** The files that were read, without links. */
  get files(): readonly string[] {
    return [...this.#settings.keys()];
  }

  read(file: string, extendedBy: readonly string[] = []): FlagValues {
    const shown = shownPath(this.#cwd, file);
    const real = realPath(file);
    const known = this.#settings.get(real);
    if (known != null) return known;
    if (known === null) this.#refuseCircle(file, extendedBy);
    if (this.#settings.size >= MOST_FILES) {
      throw new UsageError('E120', `extends leads to more than ${MOST_FILES} files`, { path: shown });
    }
    this.#settings.set(real, null);
    const by = extendedBy.at(-1);
    if (by !== undefined) this.#refuseForeign(file, shownPath(this.#cwd, by));
    const document = parseJson(file, shown, {
      takesPipe: by === undefined && this.#limits === null,
      ...(by === undefined ? {} : { extendedBy: shownPath(this.#cwd, by) }),
    });
    const manifest = basename(file) === 'package.json';
    const value = manifest ? (document as { collapse?: unknown } | null)?.collapse : document;
    const isConfig = by === undefined && basename(real) === basename(file);
    const { extends: bases, flags } = parseConfig(value, shown, manifest ? 'collapse.' : '', isConfig);
    const inherited = bases.reduce<FlagValues>(
      (merged, base) => mergeFlags(merged, this.read(resolve(dirname(file), base), [...extendedBy, file])),
      {},
    );
    const settings = mergeFlags(inherited, flags);
    this.#settings.set(real, settings);
    return settings;
  }

  #refuseCircle(file: string, extendedBy: readonly string[]): never {
    const names = [...extendedBy, file].map((path) => shownPath(this.#cwd, path));
    const reals = extendedBy.map(realPath);
    const circle = names.slice(reals.indexOf(realPath(file)));
    throw new UsageError('E120', `extends goes in a circle: ${circle.join(' -> ')}`, {
      path: shownPath(this.#cwd, file),
      hint: `take ${circle.at(-1)} out of the extends of the last`,
    });
  }

  #refuseForeign(file: string, by: string): void {
    if (this.#limits === null) return;
    const kind = nodeDirectories(this.#cwd).kind(file);
    const why = kind === 'missing' ? null : whyNotTaken(file, kind, this.#limits.boundary);
    if (why === null) return;
    throw new UsageError('E120', `the configuration that ${by} extends is not taken: ${why}`, {
      path: shownPath(this.#cwd, file),
      hint: `${by} was found, not named: pass --config ${by}, or --trust-config`,
    });
  }
}
