import { numberedName } from '../names/family.js';
import { withoutNumbers, wordsIn } from '../names/name-tokens.js';
import { namesEmbedding, roleInName } from '../names/role-name.js';
import type { Role } from '../names/step-ref.js';
import { baseName, identity, parentPath } from '../names/tree-path.js';
import { fileKind, isWeightsFile, stemOf } from './file-kind.js';

/** A directory as far as names go: what was found below it, and what was given of it. */
export interface NameDirectory {
  /** Its identity. */
  readonly path: string;
  readonly name: string;
  readonly files: Map<string, NameFile>;
  /** Arrays whose names say nothing by themselves: one beside them may. */
  readonly others: Map<string, NameFile>;
  readonly directories: Map<string, NameDirectory>;
  /** True below a directory that was given, and for itself; false where a file that was given has it in its path. */
  isListed: boolean;
}

export interface NameFile {
  /** Its identity. */
  readonly path: string;
  /** As it is opened. */
  readonly opened: string;
  readonly name: string;
  readonly stem: string;
  /** What it may be measured as: 'prediction', 'target', …; 'arrays' for a file to be asked, 'array' for one without a role. */
  readonly role: string;
  /** True where a flag says the role: such files are read with those of their own role alone. */
  readonly isAsked: boolean;
}

/** The directories and files of all paths together, so that siblings are read alike however they were given. */
export class NameTree {
  readonly #directories = new Map<string, NameDirectory>();
  readonly #keys: ReadonlyMap<string, Role>;

  /** @param keys The roles of files that the user names, as `--pred-key` does: by words, without numbers. */
  constructor(keys: ReadonlyMap<string, Role> = new Map()) {
    this.#keys = keys;
  }

  /** Adds a file, with every directory of its path, and the role that the user gives it. */
  addFile(path: string, isListed: boolean, chosen: Role | null = null): void {
    const id = identity(path);
    const directory = this.directory(parentPath(id));
    directory.isListed ||= isListed;
    if (directory.files.has(id)) return;
    const name = baseName(id);
    const asked = chosen ?? this.#roleByKey(name);
    const role = asked ?? roleOf(name) ?? roleByDirectory(directory, name);
    const isAsked = asked !== null;
    const file = { path: id, opened: path, name, stem: stemOf(name), role: role ?? 'array', isAsked };
    if (role !== null) directory.files.set(id, file);
    else if (fileKind(name) === 'array') directory.others.set(id, file);
  }

  #roleByKey(name: string): Role | null {
    if (this.#keys.size === 0 || fileKind(name) !== 'array') return null;
    return (
      this.#keys.get(keyWords(stemOf(name))) ?? this.#keys.get(keyWords(withoutNumbers(stemOf(name)))) ?? null
    );
  }

  directory(path: string): NameDirectory {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const name = baseName(path);
    const directory: NameDirectory = {
      path,
      name,
      files: new Map(),
      others: new Map(),
      directories: new Map(),
      isListed: false,
    };
    this.#directories.set(path, directory);
    const parent = parentPath(path);
    if (parent !== path) this.directory(parent).directories.set(path, directory);
    return directory;
  }

  get directories(): Iterable<NameDirectory> {
    return this.#directories.values();
  }

  /** Returns the directories that lie in no other. */
  get roots(): readonly NameDirectory[] {
    return [...this.#directories.values()].filter(({ path }) => parentPath(path) === path);
  }

  /**
   * Finds the directories of runs whose files have roles, by their names or as `isNamed` says: below one, a file without
   * a role is none of a step's. A neighbour such as `seed0` is a run of its own, and says nothing of the others.
   */
  runsWithRoles(isNamed: (path: string) => boolean): ReadonlySet<NameDirectory> {
    const seen = new Set<NameDirectory>();
    const runs = new Set<NameDirectory>();
    for (const directory of this.directories) {
      if (![...directory.files.values()].some((file) => isNamed(file.path) || hasRole(file))) continue;
      runs.add(directory);
      for (let at = directory; !seen.has(at); ) {
        seen.add(at);
        const parent = this.directory(parentPath(at.path));
        if (mayBeStep(at.name)) runs.add(parent);
        at = parent;
      }
    }
    return runs;
  }
}

/** Returns a name as keys are compared: its words. */
export function keyWords(name: string): string {
  return wordsIn(name)
    .filter((word) => word !== '')
    .join('_');
}

/** Is true for a file that has a role, or may have one inside. */
function hasRole({ role, name }: NameFile): boolean {
  return role !== 'array' && !mayBeWeights(role, name);
}

function mayBeStep(name: string): boolean {
  return numberedName(name).counts.some(({ kind }) => kind === 'step' || kind === 'unknown');
}

/** Is true for a file without a role in its name whose format weights are saved in too. */
function mayBeWeights(role: string, name: string): boolean {
  return role === 'arrays' && /\.(pt|pth|safetensors)$/i.test(name);
}

/** Returns 'array' for an array without a role in its name where a directory above names one. */
function roleByDirectory({ path }: NameDirectory, name: string): string | null {
  if (fileKind(name) !== 'array') return null;
  return path.split('/').some((part) => roleInName(part) !== null) ? 'array' : null;
}

function roleOf(name: string): string | null {
  const stem = stemOf(name);
  const role = roleInName(stem);
  const kind = fileKind(name);
  if (kind === 'unknown') return null;
  if (role !== null) return role;
  if (kind === 'container') return isWeightsFile(name) ? null : 'arrays';
  return kind === 'array' && (namesEmbedding(stem) || !/\p{L}{2}/u.test(stem)) ? 'array' : null;
}
