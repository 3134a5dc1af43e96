import { withoutEmbeddingWords, withoutRoles } from '../names/role-name.js';
import { BATCH, withoutShard } from '../names/shard-name.js';
import { identity, parentPath } from '../names/tree-path.js';
import type { FoundFile } from '../paths/found-file.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import type { Candidate, FileCandidates } from './candidate.js';
import { isMeasured } from './place-candidates.js';
import { plainStem } from './plain-stem.js';
import { areShards } from './settle-conflict.js';

export interface Branch {
  /** What its names have beside step and role: `video`, `layer4`; '' for those that have no more. */
  readonly name: string;
  readonly files: readonly FileCandidates[];
}

/**
 * Divides the files of a run that has several pairs a step: `prediction_video` and `target_video` beside
 * `prediction_audio` and `target_audio` are two branches. One branch without a name where no step has two whole pairs.
 * A mask, context or kl_reg of no branch belongs to all.
 */
export function branchesOf(
  run: string,
  files: readonly FileCandidates[],
  request: DiscoveryRequest,
): readonly Branch[] {
  const names = new Map<Candidate, string>();
  for (const { file, candidates, fallback } of files) {
    for (const candidate of [...candidates, ...fallback])
      names.set(candidate, branchName(candidate, file, run));
  }
  if (!hasSeveralPairs(names, request)) return [{ name: '', files }];
  const measured = [...names].filter(([candidate]) => isMeasured(candidate.role));
  const branches = [...new Set(measured.map(([, name]) => name))].sort();
  const known = new Set(branches);
  return branches.map((name, i) => {
    const belongs = (candidate: Candidate): boolean => {
      const own = names.get(candidate)!;
      return own === name || (!isMeasured(candidate.role) && !known.has(own));
    };
    return {
      name,
      files: files.map((file) => ({
        ...file,
        candidates: file.candidates.filter(belongs),
        fallback: file.fallback.filter(belongs),
        problems: i === 0 ? file.problems : file.problems.map((problem) => ({ ...problem, always: false })),
        ignored: i === 0 ? file.ignored : null,
        warnings: i === 0 ? file.warnings : [],
      })),
    };
  });
}

function hasSeveralPairs(names: ReadonlyMap<Candidate, string>, request: DiscoveryRequest): boolean {
  const needed = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const steps = new Map<number | null, Map<string, Candidate[]>>();
  for (const [candidate, name] of names) {
    if (!needed.includes(candidate.role)) continue;
    const branches = steps.get(candidate.step) ?? new Map<string, Candidate[]>();
    steps.set(candidate.step, branches);
    branches.set(name, [...(branches.get(name) ?? []), candidate]);
  }
  return [...steps.values()].some((branches) => {
    const whole = [...branches.values()].filter((found) =>
      needed.every((role) => found.some((candidate) => candidate.role === role)),
    );
    return whole.length > 1 && !areShards(whole.flat().filter(({ role }) => role === 'prediction'));
  });
}

/** Returns what the name of a candidate says beside its step, shard and role, directories below the step included. */
function branchName({ input: { key }, plainKey, shard }: Candidate, file: FoundFile, run: string): string {
  const id = identity(file.path);
  const above = file.stepDirectory ?? (run === '.' ? '' : run);
  const parent = parentPath(id);
  const isBelow = above !== '' && parent.startsWith(`${above}/`);
  const directories = isBelow ? parent.slice(above.length + 1).split('/') : [];
  const parts = [
    ...directories.map((part) => withoutShard(part, shard?.word === BATCH)),
    plainStem(file),
    ...(key === null ? [] : [plainKey ?? key]),
  ];
  return parts
    .map((part) => withoutEmbeddingWords(withoutRoles(part)))
    .filter((part) => part !== '')
    .join('/');
}
