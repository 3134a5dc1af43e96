import type { ArrayDescription } from '#formats/shared/define-format.js';

export type EntryKind = 'file' | 'directory' | 'other';

export interface TreeEntry {
  readonly name: string;
  /** 'unreachable': a link that leads nowhere, or a name that is not UTF-8. */
  readonly kind: EntryKind | 'unreachable';
}

/** What a file's header says, before a matrix is read. */
export interface FileDescription {
  readonly format: string;
  readonly arrays: readonly ArrayDescription[];
  /** Schema-level key-value metadata; empty where a format has none. */
  readonly metadata: Readonly<Record<string, string>>;
  /** One number a row; a 0-d array counts as one row. */
  readVector(key: string | null): Promise<Float64Array>;
}

/**
 * The directories discovery looks into, passed in so that it needs no file system. Paths are joined
 * with '/'; what a relative path is relative to is the tree's business.
 */
export interface FileTree {
  /** Follows links; 'other' is a device, a socket, a pipe. */
  kind(path: string): EntryKind | 'missing';
  /**
   * Entries in any order, links followed; a link to a directory that contains it must be 'other'.
   * Throws `InputError` for a directory that cannot be read.
   */
  list(dir: string): readonly TreeEntry[];
  /** Reads the header only. Discovery asks once a file. Throws `InputError` for a damaged file. */
  describe(path: string): Promise<FileDescription>;
}
