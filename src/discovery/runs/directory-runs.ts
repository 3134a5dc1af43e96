import type { CollapseError } from '#errors.js';
import type { FileCandidates } from '../candidates/candidate.js';
import { identity, parentPath } from '../names/tree-path.js';
import type { FoundFile, IgnoredFile } from '../paths/found-file.js';
import type { Naming } from '../paths/read-names.js';
import { type DirectoryNode, filesOfNode, type Scan } from '../paths/scan-directory.js';
import { type RunFiles, runsBelow, whyStray } from './run-tree.js';

export interface DirectoryRuns {
  readonly runs: readonly RunFiles[];
  /** Files of these runs, by identity. */
  readonly taken: ReadonlySet<string>;
  readonly errors: readonly CollapseError[];
}

/**
 * Finds the runs in directories, each file in one of them at most. `whole` makes each directory one run.
 */
export function runsInDirectories(
  scans: ReadonlyMap<string, Scan>,
  roots: ReadonlyMap<string, DirectoryNode>,
  naming: Naming,
  whole: boolean,
  candidatesOf: (file: FoundFile) => FileCandidates,
): DirectoryRuns {
  const directories = [...scans.keys()];
  const errors: CollapseError[] = [];
  const taken = new Set<string>();
  const byDirectory = new Map<string, readonly RunFiles[]>();
  // Outer directories first: what they hold is not measured again for an inner one.
  for (const directory of [...directories].sort((a, b) => identity(a).length - identity(b).length)) {
    if (naming.refused.has(identity(directory))) continue;
    const scan = scans.get(directory)!;
    for (const error of scan.errors) errors.push(error);
    const root = roots.get(directory)!;
    const candidates = new Map<FoundFile, FileCandidates>();
    for (const file of filesOfNode(root)) candidates.set(file, candidatesOf(file));
    const { runs, stray } = runsBelow(root, candidates, whole);
    const isRefused = [...naming.refused].some((path) => isBelow(path, directory));
    if (isRefused && runs.every(({ files }) => files.length === 0)) continue;
    for (const { problems } of stray) {
      for (const { always, error } of problems) if (always) errors.push(error);
    }
    const [first, ...others] = runs;
    const ignored = [...first!.ignored, ...stray.map(whyStray), ...scan.ignored];
    const fresh = [{ ...first!, ignored }, ...others].flatMap((run) => {
      const files = run.files.filter(({ file }) => !taken.has(identity(file.path)));
      return run.files.length > 0 && files.length === 0 ? [] : [{ ...run, files }];
    });
    for (const { files } of fresh) for (const { file } of files) taken.add(identity(file.path));
    byDirectory.set(directory, fresh);
  }
  const runs = directories.flatMap((directory) => byDirectory.get(directory) ?? []);
  return { runs: joinStepDirectories(runs), taken, errors };
}

function isBelow(path: string, directory: string): boolean {
  const root = identity(directory);
  return root === '.' ? !path.startsWith('/') : path.startsWith(`${root}/`);
}

/** Joins step directories that are given side by side (`run/step_*`, expanded by a shell): steps of one run. */
function joinStepDirectories(runs: readonly RunFiles[]): RunFiles[] {
  const joined = new Map<string, RunFiles & { files: FileCandidates[]; ignored: IgnoredFile[] }>();
  const siblings = new Map<string, number>();
  for (const { run, onlyStep } of runs) {
    if (onlyStep !== null) siblings.set(parentPath(run), (siblings.get(parentPath(run)) ?? 0) + 1);
  }
  for (const run of runs) {
    const parent = parentPath(run.run);
    const joins = run.onlyStep !== null && siblings.get(parent)! > 1;
    const name = joins ? parent : run.run;
    const key = joins ? `steps of ${name}` : `run ${name}`;
    const known = joins ? joined.get(key) : undefined;
    if (known === undefined) {
      joined.set(key, { ...run, run: name, files: [...run.files], ignored: [...run.ignored] });
      continue;
    }
    for (const file of run.files) known.files.push(file);
    for (const file of run.ignored) known.ignored.push(file);
  }
  return [...joined.values()];
}
