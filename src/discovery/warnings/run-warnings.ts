import type { FileCandidates } from '../candidates/candidate.js';
import { numberedName } from '../names/family.js';
import { withoutNumbers } from '../names/name-tokens.js';
import { withoutShard } from '../names/shard-name.js';
import type { RunRef } from '../names/step-ref.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';
import { stemOf } from '../paths/file-kind.js';

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

/**
 * Warns at the first of three or more neighbours such as `model_1`, `model_2`, `model_3` that have one unnumbered step
 * each: they are read as runs, and could be steps.
 */
export function oneStepWarnings(runs: readonly RunRef[]): (run: string) => string[] {
  const families = new Map<string, string[]>();
  for (const { run, steps, marks } of runs) {
    const { template, counts } = numberedName(baseName(run));
    const isOne = steps.length === 1 && steps[0]!.step === null && marks.branch === undefined;
    if (!isOne || counts.length !== 1 || counts[0]!.kind !== 'run') continue;
    const family = joinPath(parentPath(run), template);
    families.set(family, [...(families.get(family) ?? []), run]);
  }
  const first = new Map([...families.values()].map((family) => [family[0]!, family.length]));
  return (run) => {
    const count = first.get(run) ?? 0;
    if (count < 3) return [];
    return [
      `${showPath(run)} and ${count - 1} beside it are measured as ${count} runs of one step; if they are steps of one run, pass \`--siblings steps\``,
    ];
  };
}

/** Warns of the embeddings of an encoder beside a pair, of which only the pair is measured. */
export function besidePairWarnings(files: readonly FileCandidates[]): string[] {
  const left = files.filter(({ candidates, fallback }) => candidates.length === 0 && fallback.length > 0);
  const [first] = left;
  if (first === undefined) return [];
  const key = withoutNumbers(stemOf(first.file.name));
  const others = left.length === 1 ? '' : ` and ${left.length - 1} more`;
  const are = left.length === 1 ? 'is' : 'are';
  return [
    `${showPath(first.file.path)}${others} ${are} not measured beside a prediction; \`--pred-key ${key} --target none\` measures embeddings alone`,
  ];
}
