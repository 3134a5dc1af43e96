import { withoutRank } from '../names/rank-name.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';

/**
 * What to tell of a run whose directory's name, and a neighbour's, is a rank: above the steps a directory is a run
 * of its own.
 */
export function rankWarnings(runs: Iterable<string>): (run: string) => string[] {
  const families = new Map<string, number>();
  for (const run of runs) {
    const family = familyOf(run);
    if (family !== null) families.set(family, (families.get(family) ?? 0) + 1);
  }
  return (run) => {
    const family = familyOf(run);
    if (family === null || families.get(family) === 1) return [];
    return [
      `${showPath(run)} names a rank and is measured as a run of its own; ranks are joined where they stand below the directory of a step, or in the names of files`,
    ];
  };
}

/** The run's path without its rank; null for a name without one. */
function familyOf(run: string): string | null {
  const name = baseName(run);
  const rest = withoutRank(name);
  return rest === name ? null : joinPath(parentPath(run), rest);
}
