import type { FileCandidates } from '../candidates/candidate.js';
import { keyNaming } from '../candidates/plain-stem.js';
import { numberedName } from '../names/family.js';
import type { RunRef } from '../names/step-ref.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';

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

/** Warns of embeddings that were left beside a pair, of which only the pair is measured. */
export function besidePairWarnings(left: readonly FileCandidates[]): string[] {
  const [first] = left;
  if (first === undefined) return [];
  const key = keyNaming(first.file);
  const others = left.length === 1 ? '' : ` and ${left.length - 1} more`;
  const are = left.length === 1 ? 'is' : 'are';
  return [
    `${showPath(first.file.path)}${others} ${are} not measured beside a prediction; \`--pred-key ${key} --target none\` measures embeddings alone`,
  ];
}
