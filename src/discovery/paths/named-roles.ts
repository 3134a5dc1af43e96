import { withoutNumbers, wordsIn } from '../names/name-tokens.js';
import {
  predictedBy,
  roleInName,
  rolesBeside,
  withoutEmbeddingWords,
  withoutRoles,
} from '../names/role-name.js';
import type { Role } from '../names/step-ref.js';
import type { NameDirectory, NameFile, NameTree } from './name-tree.js';

/** A role, and the name that says it. */
export interface NamedRole {
  readonly role: Role;
  readonly name: string;
}

export interface RolesByOtherNames {
  /** By the identity of files whose own names do not say it. */
  readonly roles: ReadonlyMap<string, NamedRole>;
  /** Directories that hold the arrays of one role. */
  readonly parts: ReadonlySet<string>;
}

/** Finds the roles that files have by the names of their directories, or of the files beside them. */
export function rolesByOtherNames(tree: NameTree): RolesByOtherNames {
  const roles = new Map<string, NamedRole>();
  const parts = new Set<string>();

  /**
   * Gives the files below directories such as `prediction/` and `target/`, side by side, the role that they do not name
   * themselves. Only below a directory that was given: above it, a name says nothing of what is compared.
   */
  function findDirectories({ directories, isListed }: NameDirectory, isBelow: boolean): void {
    const isGiven = isListed || isBelow;
    for (const child of directories.values()) findDirectories(child, isGiven);
    if (!isGiven) return;
    const beside = rolesBeside([...directories.values()].map(({ name }) => name));
    const named = [...directories.values()].flatMap((child) => {
      const role = roleInName(child.name) ?? beside.get(child.name) ?? null;
      const rest = beside.has(child.name) ? '' : withoutEmbeddingWords(withoutRoles(child.name));
      return role === null ? [] : [{ child, role, rest }];
    });
    const isThere = (role: Role, rest: string) => named.some((one) => one.role === role && one.rest === rest);
    const isPair = (rest: string) => isThere('prediction', rest) && isThere('target', rest);
    for (const { child, role, rest } of named) {
      const isOfAll = role !== 'prediction' && role !== 'target' && isPair('');
      if (!isPair(rest) && !isOfAll) continue;
      const below = filesBelow(child).filter(({ file }) => !roles.has(file.path));
      if (below.some(({ file }) => roleInName(file.stem) !== null)) continue;
      parts.add(child.path);
      for (const { file, directory } of below) {
        roles.set(file.path, { role, name: child.name });
        directory.files.set(file.path, file);
      }
    }
  }

  /** Gives files the roles that they have by those beside them: `z_hat` predicts `z`, `gt` is what `pred` predicts. */
  function findBeside({ files, others }: NameDirectory): void {
    const all = [...files.values(), ...others.values()];
    const stems = new Map(all.map((file) => [file, withoutNumbers(file.stem)]));
    const predicted = new Set([...stems.values()].map(predictedBy));
    const hasTarget = [...files.values()].some(({ role }) => role === 'target');
    const beside = rolesBeside([...new Set(stems.values())]);
    for (const [file, stem] of stems) {
      const { path, name, role } = file;
      const isPredicted = role !== 'prediction' && predicted.has(wordsIn(stem).join('_'));
      const found = isPredicted && !hasTarget ? 'target' : beside.get(stem);
      if (found === undefined) continue;
      roles.set(path, { role: found, name });
      files.set(path, file);
    }
  }

  for (const directory of tree.directories) findBeside(directory);
  for (const root of tree.roots) findDirectories(root, false);
  return { roles, parts };
}

function filesBelow(directory: NameDirectory): readonly { file: NameFile; directory: NameDirectory }[] {
  const own = [...directory.files.values(), ...directory.others.values()];
  return [
    ...own.map((file) => ({ file, directory })),
    ...[...directory.directories.values()].flatMap(filesBelow),
  ];
}
