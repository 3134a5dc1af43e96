import { numbersIn } from '../names/name-tokens.js';
import { withoutShard } from '../names/shard-name.js';
import { STEP_WORDS } from '../names/step-name.js';
import type { RunRef } from '../names/step-ref.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';

/** Words that more often count steps than runs, though no step is read from all of them. */
const COUNTING_WORDS: ReadonlySet<string> = new Set([...STEP_WORDS.keys(), 'update', 'batch']);

const MAX_NAMED = 5;

/** Warns of runs below one that holds steps itself; `beside` are those of them that are not measured. */
export function besideWarnings(run: string, beside: readonly string[]): string[] {
  if (beside.length === 0) return [];
  const names = beside.slice(0, MAX_NAMED).map(showPath).join(', ');
  const more = beside.length > MAX_NAMED ? ` and ${beside.length - MAX_NAMED} more` : '';
  return [
    `${showPath(run)} holds steps itself, so those in ${names}${more} are not measured; name them to do so`,
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

/**
 * Warns, at the first of them, of several neighbours that hold one step without a number each: named in another way
 * than steps are, each would be compared with itself alone.
 */
export function unnumberedRunWarnings(runs: readonly RunRef[]): (run: string) => string[] {
  const families = new Map<string, string[]>();
  for (const { run, steps } of runs) {
    const name = baseName(run);
    if (steps.length !== 1 || steps[0]!.step !== null || !mayCountSteps(name)) continue;
    const family = joinPath(parentPath(run), patternOf(name));
    families.set(family, [...(families.get(family) ?? []), run]);
  }
  return (run) =>
    [...families].flatMap(([family, members]) =>
      members.length > 1 && members[0] === run
        ? [
            `${members.length} runs such as ${showPath(run)} hold one step without a number each; if they are steps of one run, name them step_N, or use --pred '${family}/prediction.npy' and the like with --target`,
          ]
        : [],
    );
}

/** Is true for a number alone, and for one after a word that counts. */
function mayCountSteps(name: string): boolean {
  return /^\d+$/.test(name) || numbersIn(name).some(({ word }) => COUNTING_WORDS.has(word));
}

/** Replaces the last number: `update_100` is `update_{step}`. */
function patternOf(name: string): string {
  return name.replace(/\d+(?!.*\d)/u, '{step}');
}
