import { numbersIn } from '../names/name-tokens.js';
import { numberWord } from '../names/number-words.js';
import { predictedBy, roleInName, withoutEmbeddingWords, withoutRoles } from '../names/role-name.js';
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
    const named = [...directories.values()].flatMap((child) => {
      const role = roleInName(child.name);
      return role === null ? [] : [{ child, role, rest: withoutEmbeddingWords(withoutRoles(child.name)) }];
    });
    const isThere = (role: Role, rest: string) => named.some((one) => one.role === role && one.rest === rest);
    const isPair = (rest: string) => isThere('prediction', rest) && isThere('target', rest);
    for (const { child, role, rest } of named) {
      const isOfAll = role !== 'prediction' && role !== 'target' && isPair('');
      if (!isPair(rest) && !isOfAll) continue;
      const files = filesBelow(child).filter(({ path }) => !roles.has(path));
      if (files.some(({ stem }) => roleInName(stem) !== null)) continue;
      parts.add(child.path);
      for (const { path } of files) roles.set(path, { role, name: child.name });
    }
  }

  /** Gives the files that others beside them predict by their names the role of a target: `z_hat` predicts `z`. */
  function findPredicted({ files }: NameDirectory): void {
    const predicted = new Set<string>();
    for (const { stem } of files.values()) {
      const base = predictedBy(withoutNumbers(stem));
      if (base !== null) predicted.add(base);
    }
    if (predicted.size === 0 || [...files.values()].some(({ role }) => role === 'target')) return;
    for (const { path, name, stem, role } of files.values()) {
      if (role !== 'prediction' && predicted.has(withoutNumbers(stem))) {
        roles.set(path, { role: 'target', name });
      }
    }
  }

  for (const directory of tree.directories) findPredicted(directory);
  for (const root of tree.roots) findDirectories(root, false);
  return { roles, parts };
}

function withoutNumbers(stem: string): string {
  let words = '';
  let from = 0;
  for (const { start, at, end, word } of numbersIn(stem)) {
    words += stem.slice(from, numberWord(word)?.kind === 'step' ? start : at);
    from = end;
  }
  return (words + stem.slice(from)).replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '').toLowerCase();
}

function filesBelow({ files, directories }: NameDirectory): readonly NameFile[] {
  return [...files.values(), ...[...directories.values()].flatMap(filesBelow)];
}
