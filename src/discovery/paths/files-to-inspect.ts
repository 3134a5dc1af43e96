import type { CollapseError } from '#errors.js';
import { InputError, NoDataError } from '#errors.js';
import type { Directories } from '#io/directories.js';
import { identity } from '../names/tree-path.js';
import { fileKind } from './file-kind.js';
import { type FoundFile, namedFile } from './found-file.js';
import { attempt, resolvePaths } from './given-paths.js';
import { NameTree } from './name-tree.js';
import { readNames } from './read-names.js';
import {
  filesBelow,
  filesOfNode,
  type ListedDirectory,
  namedDirectory,
  scanDirectories,
} from './scan-directory.js';
import { refuseZarrStore, zarrStoresIn } from './zarr-store.js';

export interface FilesToInspect {
  readonly files: readonly FoundFile[];
  readonly errors: readonly CollapseError[];
}

/** Finds every file that is given or matched, each once, and of a directory those that hold arrays by their names. */
export async function filesToInspect(paths: readonly string[], tree: Directories): Promise<FilesToInspect> {
  const given = await resolvePaths(paths, tree);
  const errors = [...given.errors];
  const names = new NameTree();
  for (const { path } of given.files.values()) names.addFile(path, false);
  const listed: ListedDirectory['files'][number][] = [];
  const roots: ListedDirectory[] = [];
  for (const [directory, scan] of scanDirectories(given.directories, tree, new Set(), null)) {
    const failures = [...scan.errors, ...zarrStoresIn(scan.ignored).map(refuseZarrStore)];
    for (const failure of failures) errors.push(failure);
    const arrays = filesBelow(scan.root).filter(
      ({ name }) => !['unknown', 'perhaps', 'json'].includes(fileKind(name)),
    );
    if (arrays.length === 0 && failures.length === 0) {
      errors.push(new NoDataError('E301', 'no files of arrays in this directory', { path: directory }));
    }
    roots.push(scan.root);
    for (const file of arrays) listed.push(file);
    for (const { path } of arrays) names.addFile(path, true);
  }
  // What nobody judges is never unclear.
  const naming = { ...(await readNames(names, 'steps', unopened)), refused: new Set<string>() };
  const files = new Map<string, FoundFile>();
  for (const [id, file] of given.files) attempt(errors, () => files.set(id, namedFile(file, naming)));
  const wanted = new Set(listed.map(({ path }) => identity(path)));
  for (const file of roots.flatMap((root) => filesOfNode(namedDirectory(root, naming)))) {
    const id = identity(file.path);
    if (wanted.has(id) && !files.has(id)) files.set(id, file);
  }
  return { files: [...files.values()], errors };
}

async function unopened(path: string): Promise<never> {
  throw new InputError('E202', 'not opened', { path });
}
