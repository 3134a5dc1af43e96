import { InputError } from '#errors.js';
import type { Directories, TreeEntry } from '#io/directories.js';
import { baseName, extensionOf, identity, joinPath, showPath } from '../names/tree-path.js';
import type { IgnoredFile } from './found-file.js';

const METADATA: ReadonlySet<string> = new Set(['.zarray', '.zgroup', '.zmetadata', 'zarr.json']);
export const ZARR_REASON = 'a Zarr store, which is not read';

/** Is true for a directory that its name, or the metadata among its entries, says to be a Zarr store. */
export function isZarrStore(name: string, entries: readonly TreeEntry[]): boolean {
  const isMetadata = (entry: TreeEntry): boolean => entry.kind === 'file' && METADATA.has(entry.name);
  return extensionOf(name) === '.zarr' || entries.some(isMetadata);
}

/** Answers the same without listing a directory that is listed later. */
export function isZarrStoreAt(path: string, tree: Directories): boolean {
  if (extensionOf(baseName(identity(path))) === '.zarr') return true;
  return [...METADATA].some((name) => isFile(joinPath(path, name), tree));
}

/** Is false, too, where the system refuses to look: the listing of the directory says so. */
function isFile(path: string, tree: Directories): boolean {
  try {
    return tree.kind(path) === 'file';
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Returns the error for a store that the user named. */
export function refuseZarrStore(path: string): InputError {
  return new InputError('E205', `${showPath(path)} is ${ZARR_REASON}`, {
    path,
    hint: `save its array: \`${conversion(path)}\``,
  });
}

/** Returns what is said of a store found in a run. */
export function ignoredZarrStore(path: string): IgnoredFile {
  return { path, reason: ZARR_REASON };
}

/** Finds the stores among what was ignored. */
export function zarrStoresIn(ignored: readonly IgnoredFile[]): readonly string[] {
  return ignored.filter(({ reason }) => reason === ZARR_REASON).map(({ path }) => path);
}

/** Returns the line of Python that saves a store's array as a file that is read. */
export function conversion(path: string): string {
  const stem = path.replace(/\.zarr$/i, '');
  return `np.save("${escaped(stem)}.npy", zarr.open("${escaped(path)}", mode="r")[:])`;
}

function escaped(path: string): string {
  return showPath(path).slice(1, -1).replaceAll('"', '\\"');
}
