import type { ArrayDescription } from '#formats/shared/define-format.js';
import type { Directories } from '#io/directories.js';

/** What a file's header says, before a matrix is read. */
export interface FileDescription {
  readonly format: string;
  readonly arrays: readonly ArrayDescription[];
  /** Schema-level key-value metadata; empty where a format has none. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Reads one number a row; a 0-d array counts as one row. */
  readVector(key: string | null): Promise<Float64Array>;
}

/** The directories that discovery looks into, and the headers of the files there. */
export interface FileTree extends Directories {
  /** Reads the header only. Discovery asks once a file. Throws `InputError` for a damaged file. */
  describe(path: string): Promise<FileDescription>;
}
