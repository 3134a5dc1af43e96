import { baseName, showPath } from '../names/tree-path.js';
import { fileKind } from '../paths/file-kind.js';
import type { IgnoredFile } from '../paths/found-file.js';
import { conversion, ZARR_REASON, zarrStoresIn } from '../paths/zarr-store.js';

/** Warns of Zarr stores that a run ignores, with the line of Python that makes the first readable. */
export function zarrWarnings(ignored: readonly IgnoredFile[]): string[] {
  const [first, ...others] = zarrStoresIn(ignored);
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more like it are not`;
  return [`${showPath(first)} is ${ZARR_REASON}${more}; save its array: \`${conversion(first)}\``];
}

/** Selects the files of arrays among those that a run ignores. */
export function arraysIn(ignored: readonly IgnoredFile[]): readonly IgnoredFile[] {
  return ignored.filter(({ path }) =>
    ['array', 'container', 'unreadable'].includes(fileKind(baseName(path))),
  );
}
