import { baseName, showPath } from '../names/tree-path.js';
import { fileKind } from '../paths/file-kind.js';
import type { IgnoredFile } from '../paths/found-file.js';

/** For a run without steps: a warning that names the arrays it does hold, and how to give them a role. */
export function hintAtArrays(ignored: readonly IgnoredFile[]): string[] {
  const arrays = ignored.filter(({ path }) =>
    ['array', 'container', 'unreadable'].includes(fileKind(baseName(path))),
  );
  const [first] = arrays;
  if (first === undefined) return [];
  const others = arrays.length === 1 ? '' : ` and ${arrays.length - 1} more`;
  return [
    `no role claims ${showPath(first.path)}${others} (${first.reason}): ` +
      'put `prediction` and `target` in the names, or choose with --pred and --target',
  ];
}
