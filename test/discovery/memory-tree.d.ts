import type { FileDescription, FileTree } from '../../src/discovery/file-tree.js';
import { InputError } from '../../src/errors.js';
/** A file of the tree: null for one that is never to be opened, an error for a damaged one. */
export type MemoryFile = FileDescription | InputError | null;
export interface MemoryTree extends FileTree {
  /** Paths that were described, in order. */
  readonly opened: readonly string[];
}
/** A tree of files by path; a path ending in '/' is an empty directory. */
export declare function memoryTree(
  files: Readonly<Record<string, MemoryFile>> | readonly string[],
): MemoryTree;
type Shape = readonly (number | null)[];
interface Values {
  readonly values: readonly number[];
}
/** A description by `name: shape`; a name with a list of numbers is a vector with those values. */
export declare function holding(
  arrays: Readonly<Record<string, Shape | Values>>,
  metadata?: Readonly<Record<string, string>>,
): FileDescription;
