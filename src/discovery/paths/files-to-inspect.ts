import type { CollapseError } from '#errors.js';
import { NoDataError } from '#errors.js';
import type { Directories } from '#io/directories.js';
import { identity } from '../names/tree-path.js';
import { fileKind } from './file-kind.js';
import type { FoundFile } from './found-file.js';
import { resolvePaths } from './given-paths.js';
import { scanDirectory } from './scan-directory.js';
import { refuseZarrStore, zarrStoresIn } from './zarr-store.js';

export interface FilesToInspect {
  readonly files: readonly FoundFile[];
  readonly errors: readonly CollapseError[];
}

/** Finds every file that is given or matched, each once, and of a directory those that hold arrays by their names. */
export function filesToInspect(paths: readonly string[], tree: Directories): FilesToInspect {
  const given = resolvePaths(paths, tree);
  const files = new Map(given.files);
  const errors = [...given.errors];
  for (const directory of given.directories) {
    const scan = scanDirectory(directory, tree, new Set());
    const failures = [...scan.errors, ...zarrStoresIn(scan.ignored).map(refuseZarrStore)];
    for (const failure of failures) errors.push(failure);
    const arrays = scan.files.filter(({ name }) => !['unknown', 'json'].includes(fileKind(name)));
    if (arrays.length === 0 && failures.length === 0) {
      errors.push(new NoDataError('E301', 'no files of arrays in this directory', { path: directory }));
    }
    for (const file of arrays) {
      const id = identity(file.path);
      if (!files.has(id)) files.set(id, file);
    }
  }
  return { files: [...files.values()], errors };
}
