import { withoutShard } from '../names/shard-name.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';

const MAX_NAMED = 5;

/** Warns of runs below one that holds steps itself; `beside` are those of them that are not measured. */
export function besideWarnings(run: string, beside: readonly string[]): string[] {
  if (beside.length === 0) return [];
  const names = beside.slice(0, MAX_NAMED).map(showPath).join(', ');
  const more = beside.length > MAX_NAMED ? ` and ${beside.length - MAX_NAMED} more` : '';
  return [
    `${showPath(run)} has steps of its own, so those in ${names}${more} are not measured; name them to do so`,
  ];
}

/**
 * Warns of runs whose directories are neighbours and are named as shards: above the steps a directory is a run of its
 * own.
 */
export function shardRunWarnings(runs: Iterable<string>): (run: string) => string[] {
  const families = new Map<string, number>();
  for (const run of runs) {
    const family = withoutShardOf(run);
    if (family !== null) families.set(family, (families.get(family) ?? 0) + 1);
  }
  return (run) => {
    const family = withoutShardOf(run);
    if (family === null || families.get(family) === 1) return [];
    return [
      `${showPath(run)} names a rank and is measured as a run of its own; ranks are joined where they stand below the directory of a step, or in the names of files`,
    ];
  };
}

/** Returns the run's path without its shard; null for a name without one. */
function withoutShardOf(run: string): string | null {
  const name = baseName(run);
  const rest = withoutShard(name);
  return rest === name ? null : joinPath(parentPath(run), rest);
}
