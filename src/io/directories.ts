export type EntryKind = 'file' | 'directory' | 'other';

export interface TreeEntry {
  readonly name: string;
  /** 'unreachable': a link that leads nowhere, or a name that is not UTF-8. */
  readonly kind: EntryKind | 'unreachable';
  /** Of a link to a directory: one name for that directory, whatever way leads there. */
  readonly target?: string;
}

/**
 * The directories of a file system, passed in so that what looks for files needs none. Paths are joined with '/'; what
 * a relative path is relative to is for its maker to say.
 */
export interface Directories {
  /** Follows links; 'other' is a device, a socket, a pipe, or a link that leads nowhere. E202 where the system refuses. */
  kind(path: string): EntryKind | 'missing';
  /**
   * The entries of one directory in any order, links followed; a link to a directory that is already on the way to
   * `dir` is 'other', so that walking down always ends. E201 where `dir` is missing, E202 where it cannot be listed.
   */
  list(dir: string): readonly TreeEntry[];
  /** The names alone of a large directory, in less time; null, or absent, where that does not say what is needed. */
  names?(dir: string): ListedNames | null;
}

export interface ListedNames {
  /** Sorted by UTF-16 code units. */
  readonly names: readonly string[];
  /** How many of them are directories; links to one are not counted. */
  readonly directories: number;
  /** An entry as `list` has it. */
  entry(name: string): TreeEntry;
}
