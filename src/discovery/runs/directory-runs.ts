import type { CollapseError } from '#errors.js';
import type { Directories } from '#io/directories.js';
import type { FileCandidates } from '../candidates/candidate.js';
import { identity, parentPath } from '../names/tree-path.js';
import type { FoundFile } from '../paths/found-file.js';
import { scanDirectory } from '../paths/scan-directory.js';
import { type RunFiles, runsBelow, whyStray } from './run-tree.js';

export interface DirectoryRuns {
  readonly runs: readonly RunFiles[];
  /** Files of these runs, by identity. */
  readonly taken: ReadonlySet<string>;
  readonly errors: readonly CollapseError[];
}

/**
 * Finds the runs in directories, each file in one of them at most. `elsewhere` has, by identity, the files that
 * `--pred` and `--target` named; `whole` makes each directory one run.
 */
export async function runsInDirectories(
  directories: readonly string[],
  elsewhere: ReadonlySet<string>,
  whole: boolean,
  tree: Directories,
  candidatesOf: (file: FoundFile) => Promise<FileCandidates>,
): Promise<DirectoryRuns> {
  const errors: CollapseError[] = [];
  const taken = new Set<string>();
  const byDirectory = new Map<string, readonly RunFiles[]>();
  // Outer directories first: what they hold is not measured again for an inner one.
  for (const directory of [...directories].sort((a, b) => identity(a).length - identity(b).length)) {
    const scan = scanDirectory(directory, tree, elsewhere);
    for (const error of scan.errors) errors.push(error);
    const candidates = new Map<FoundFile, FileCandidates>();
    for (const file of scan.files) candidates.set(file, await candidatesOf(file));
    const { runs, stray } = runsBelow(scan.root, candidates, whole);
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

/** Joins step directories that are given side by side (`run/step_*`, expanded by a shell): steps of one run. */
function joinStepDirectories(runs: readonly RunFiles[]): RunFiles[] {
  const joined = new Map<string, RunFiles>();
  const siblings = new Map<string, number>();
  for (const { run, onlyStep } of runs) {
    if (onlyStep !== null) siblings.set(parentPath(run), (siblings.get(parentPath(run)) ?? 0) + 1);
  }
  for (const run of runs) {
    const parent = parentPath(run.run);
    const joins = run.onlyStep !== null && siblings.get(parent)! > 1;
    const name = joins ? parent : run.run;
    const known = joins ? joined.get(`steps of ${name}`) : undefined;
    const files = known === undefined ? run.files : [...known.files, ...run.files];
    const ignored = known === undefined ? run.ignored : [...known.ignored, ...run.ignored];
    joined.set(joins ? `steps of ${name}` : `run ${name}`, { ...run, run: name, files, ignored });
  }
  return [...joined.values()];
}
