import { posix } from 'node:path';

export { showPath } from './show-path.js';

/** Returns the path without doubled, leading-`./` or trailing slashes; `..` stays, as a link may stand before it. */
export function cleanPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/')) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}

/** An empty component that is not the root's, `.` or `..`. */
const UNCLEAN = /^$|.\/$|\/\/|(?:^|\/)\.\.?(?:\/|$)/;

/** Returns one name for a path however it was written: `a/../run/` and `./run` are `run`. For naming and comparing. */
export function identity(path: string): string {
  return UNCLEAN.test(path) ? cleanPath(posix.normalize(path)) : path;
}

export function joinPath(directory: string, name: string): string {
  if (directory === '.' || directory === '') return name;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns the directory of `path`; '.' for a bare name. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** Returns the extension with its dot, in lower case; '' without one. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

/** Returns the deepest directory above every path; null where they share none but the root or the cwd. */
export function commonDirectory(paths: readonly string[]): string | null {
  const [first, ...rest] = paths.map((path) => parentPath(identity(path)).split('/'));
  if (first === undefined) return null;
  let shared = first.length;
  for (const parts of rest) {
    let same = 0;
    while (same < shared && same < parts.length && parts[same] === first[same]) same++;
    shared = same;
  }
  const common = first.slice(0, shared).join('/');
  return common === '' || common === '.' ? null : common;
}
