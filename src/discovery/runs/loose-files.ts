import type { FileCandidates } from '../candidates/candidate.js';
import { commonDirectory, identity, parentPath } from '../names/tree-path.js';
import { isPattern } from '../paths/given-paths.js';
import type { DiscoveryRequest } from '../paths/request.js';
import { type RunFiles, whyStray } from './run-tree.js';

/**
 * Adds the files that were given one by one, and those that `--pred` and `--target` chose, to the runs of directories:
 * a chosen file to the runs it belongs to, all others as one run of their own.
 */
export function addLooseFiles(
  runs: readonly RunFiles[],
  given: readonly FileCandidates[],
  chosen: readonly FileCandidates[],
  request: DiscoveryRequest,
): readonly RunFiles[] {
  const { runs: attached, left } = attachChosen(chosen, runs);
  const loose = [...given, ...left];
  const [first, ...others] = attached;
  const offersNothing = loose.every(
    ({ candidates, problems, fallback }) => candidates.length + problems.length + fallback.length === 0,
  );
  if (first !== undefined && offersNothing) {
    // `run/*` names the run's notes and logs too: they are no run of their own.
    return [{ ...first, ignored: [...first.ignored, ...loose.map(whyStray)] }, ...others];
  }
  if (loose.length === 0) return attached;
  const run = nameOfFiles(loose, request);
  const isGiven = loose.every(({ file }) => file.origin === 'given');
  return [...attached, { run, files: loose, beside: [], onlyStep: null, isGiven, ignored: [] }];
}

/**
 * Adds a chosen file to the run whose directory holds it, else to the only run, else, for a file without a step, to
 * all runs. `left` are those that belong to none.
 */
function attachChosen(
  chosen: readonly FileCandidates[],
  runs: readonly RunFiles[],
): { readonly runs: readonly RunFiles[]; readonly left: readonly FileCandidates[] } {
  const byDirectory = new Map(runs.map(({ run }, at) => [run, at]));
  const added = runs.map((): FileCandidates[] => []);
  const left: FileCandidates[] = [];
  for (const file of chosen) {
    const at = holderOf(identity(file.file.path), byDirectory) ?? (runs.length === 1 ? 0 : undefined);
    const unnumbered = file.unopened === null && file.candidates.every(({ step }) => step === null);
    if (at !== undefined) added[at]!.push(file);
    else if (unnumbered && runs.length > 0) for (const files of added) files.push(file);
    else left.push(file);
  }
  return { runs: runs.map((run, at) => ({ ...run, files: [...run.files, ...added[at]!] })), left };
}

function holderOf(path: string, byDirectory: ReadonlyMap<string, number>): number | undefined {
  for (let at = path; at !== parentPath(at); ) {
    at = parentPath(at);
    const index = byDirectory.get(at);
    if (index !== undefined) return index;
  }
  return undefined;
}

/** Names a run made of files and patterns: by the only path, else their directory, else the pattern. */
function nameOfFiles(files: readonly FileCandidates[], { paths, pred, target }: DiscoveryRequest): string {
  const found = files.map(({ file }) => file.path);
  if (found.length === 1) return identity(found[0]!);
  const pattern = [...paths, pred, target].find((path) => path !== undefined && isPattern(path));
  return commonDirectory(found) ?? pattern ?? '.';
}
