import { InputError } from '#errors.js';
import type { Directories, TreeEntry } from '#io/directories.js';
import { baseName, extensionOf, identity, joinPath, showPath } from '../names/tree-path.js';
import type { IgnoredFile } from './found-file.js';

const METADATA: ReadonlySet<string> = new Set(['.zarray', '.zgroup', '.zmetadata', 'zarr.json']);
const REASON = 'a Zarr store, which is not read';

/** A Zarr store is a directory, told by its name or by the metadata among its entries. */
export function isZarrStore(name: string, entries: readonly TreeEntry[]): boolean {
  const isMetadata = (entry: TreeEntry): boolean => entry.kind === 'file' && METADATA.has(entry.name);
  return extensionOf(name) === '.zarr' || entries.some(isMetadata);
}

/** The same without listing a directory that is listed later. */
export function isZarrStoreAt(path: string, tree: Directories): boolean {
  if (extensionOf(baseName(identity(path))) === '.zarr') return true;
  return [...METADATA].some((name) => tree.kind(joinPath(path, name)) === 'file');
}

/** For a store that the user named. */
export function refuseZarrStore(path: string): InputError {
  return new InputError('E205', `${showPath(path)} is ${REASON}`, {
    path,
    hint: `save its array: \`${conversion(path)}\``,
  });
}

/** A store met in a run. */
export function ignoredZarrStore(path: string): IgnoredFile {
  return { path, reason: REASON };
}

/** The stores among what was ignored. */
export function zarrStoresIn(ignored: readonly IgnoredFile[]): readonly string[] {
  return ignored.filter(({ reason }) => reason === REASON).map(({ path }) => path);
}

/** For a run with stores in it: one warning, with the line of Python that makes the first readable. */
export function warnOfZarrStores(ignored: readonly IgnoredFile[]): string[] {
  const [first, ...others] = zarrStoresIn(ignored);
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more like it are not`;
  return [`${showPath(first)} is ${REASON}${more}; save its array: \`${conversion(first)}\``];
}

function conversion(path: string): string {
  const stem = path.replace(/\.zarr$/i, '');
  return `np.save("${escaped(stem)}.npy", zarr.open("${escaped(path)}", mode="r")[:])`;
}

function escaped(path: string): string {
  return showPath(path).slice(1, -1).replaceAll('"', '\\"');
}
