import { keyNaming, pairAdvice } from '../candidates/plain-stem.js';
import { showPath } from '../names/tree-path.js';
import { fileKind, stemOf } from '../paths/file-kind.js';
import type { FoundFile, IgnoredFile } from '../paths/found-file.js';

/** Warns of the arrays of a run without steps, with how to give them a role. */
export function unnamedArrayWarnings(arrays: readonly IgnoredFile[], found: readonly FoundFile[]): string[] {
  const [first] = arrays;
  if (first === undefined) return [];
  const others = arrays.length === 1 ? '' : ` and ${arrays.length - 1} more`;
  const are = arrays.length === 1 ? 'is' : 'are';
  return [
    `${showPath(first.path)}${others} ${are} not measured (${first.reason}): ${howToName(found.filter(({ path }) => arrays.some((array) => array.path === path)))}`,
  ];
}

/**
 * Says how to measure arrays whose names say no role: by the flags that name them, where they are one or two a step.
 */
function howToName(found: readonly FoundFile[]): string {
  const files = found.filter(({ name }) => fileKind(name) === 'array');
  const stems = new Set(files.map(({ name }) => stemOf(name)));
  // A number that each directory has again is none of the directory's step.
  const areAgain = files.length >= 2 * stems.size;
  const keyOf = (file: FoundFile) => (areAgain && file.own === null ? stemOf(file.name) : keyNaming(file));
  const keys = [...new Set(files.map(keyOf))].sort();
  const [one = '', other = ''] = keys;
  const arePlain = keys.every((key) => /^[\w-]+$/.test(key));
  if (arePlain && keys.length === 1)
    return `if they are an encoder's output, pass \`--pred-key ${one} --target none\``;
  if (arePlain && keys.length === 2) return pairAdvice(one, other);
  return (
    'put `prediction` and `target` in the names or choose with --pred and --target; ' +
    "an encoder's output alone is measured with --target none"
  );
}
