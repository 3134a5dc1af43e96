import { relative } from 'node:path';
import { realPath } from '#io/real-path.js';
import { isOfAnotherOwner } from '#io/regular-file.js';

/** Says why a file that nobody named is not to be taken; null where it is. */
export function whyNotTaken(file: string, kind: string, boundary: string | null): string | null {
  if (kind !== 'file') return 'it is not a regular file';
  if (isOfAnotherOwner(file)) return 'it belongs to another user';
  if (boundary !== null && isOutside(realPath(file), boundary)) {
    return 'it lies outside of this repository or home';
  }
  return null;
}

function isOutside(path: string, folder: string): boolean {
  return relative(folder, path).split(/[/\\]/)[0] === '..';
}
