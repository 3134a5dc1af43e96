import { relative } from 'node:path';

/** Names a path as people would from here. */
export function shownPath(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('../../../..') ? file : path;
}
