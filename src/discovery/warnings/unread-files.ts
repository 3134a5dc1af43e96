import { baseName, showPath } from '../names/tree-path.js';
import { fileKind } from '../paths/file-kind.js';
import type { IgnoredFile } from '../paths/found-file.js';
import { conversion, ZARR_REASON, zarrStoresIn } from '../paths/zarr-store.js';

/**
 * Warns of what a run ignores and may have been meant to be read: Zarr stores, with the line of Python that makes the
 * first readable; in a run without steps also arrays, with how to give them a role.
 */
export function unreadFileWarnings(ignored: readonly IgnoredFile[], isWithoutSteps: boolean): string[] {
  return [...zarrWarnings(ignored), ...(isWithoutSteps ? arrayWarnings(ignored) : [])];
}

function zarrWarnings(ignored: readonly IgnoredFile[]): string[] {
  const [first, ...others] = zarrStoresIn(ignored);
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more like it are not`;
  return [`${showPath(first)} is ${ZARR_REASON}${more}; save its array: \`${conversion(first)}\``];
}

function arrayWarnings(ignored: readonly IgnoredFile[]): string[] {
  const arrays = ignored.filter(({ path }) =>
    ['array', 'container', 'unreadable'].includes(fileKind(baseName(path))),
  );
  const [first] = arrays;
  if (first === undefined) return [];
  const others = arrays.length === 1 ? '' : ` and ${arrays.length - 1} more`;
  return [
    `no role claims ${showPath(first.path)}${others} (${first.reason}): ` +
      'put `prediction` and `target` in the names or choose with --pred and --target; ' +
      "an encoder's output alone is measured by a check of its own, with --target none",
  ];
}
