/**
 * From paths to the steps of runs. The stages, and the type that each gives to the next; imports go from later folders
 * to earlier ones, in the order names, paths, candidates, warnings, runs.
 *
 * 1. `paths/`: `DiscoveryRequest` → directories, and `FoundFile`s by patterns and by what a directory has.
 * 2. `names/`: one path component → what it says: a step, a `Role`, a `Shard`. Asked by all other stages.
 * 3. `candidates/`: `FoundFile`, and its header where its arrays have names → `FileCandidates`: what it may be used for.
 * 4. `runs/`: `FileCandidates` and their directories → `RunFiles`: the files of each run.
 * 5. `candidates/`: those of one run → placed by step and role, conflicts settled → `DraftStep`s.
 * 6. `warnings/`: `DraftStep`s → errors and warnings about what is missing, damaged, not read or oddly named.
 * 7. `runs/`: `DraftStep`s that are whole → `RunRef` with `StepRef`s, of which `--steps` and `--last` select.
 */
import type { CollapseError } from '#errors.js';
import { candidateReader } from './candidates/file-candidates.js';
import type { RunRef } from './names/step-ref.js';
import { resolveChosen } from './paths/chosen-files.js';
import type { FileTree } from './paths/file-tree.js';
import type { FoundFile } from './paths/found-file.js';
import { resolvePaths } from './paths/given-paths.js';
import type { DiscoveryRequest } from './paths/request.js';
import { assembleRun } from './runs/assemble.js';
import { runsInDirectories } from './runs/directory-runs.js';
import { addLooseFiles } from './runs/loose-files.js';
import { selectSteps } from './runs/select-steps.js';
import { besideWarnings, shardRunWarnings, unnumberedRunWarnings } from './warnings/run-warnings.js';

export interface Discovery {
  readonly runs: readonly RunRef[];
  /** What is wrong outside any run: a missing path, a directory that cannot be listed. */
  readonly errors: readonly CollapseError[];
}

/**
 * Finds the runs and steps that paths and patterns stand for, by names and headers alone. Never throws for what
 * it finds: errors are returned, and the rest goes on. A directory without steps is a run without steps.
 */
export async function discoverRuns(request: DiscoveryRequest, tree: FileTree): Promise<Discovery> {
  const given = resolvePaths(request.paths, tree);
  const chosen = resolveChosen(request, given.directories, tree);

  const candidatesOf = candidateReader(request, tree);
  const candidatesOfAll = async (files: Iterable<FoundFile>) => {
    const found = [];
    for (const file of files) found.push(await candidatesOf(file));
    return found;
  };

  const elsewhere = new Set(chosen.files.keys());
  const whole = request.pred !== undefined;
  const found = await runsInDirectories(given.directories, elsewhere, whole, tree, candidatesOf);
  const loose = [...given.files].filter(([id]) => !found.taken.has(id) && !elsewhere.has(id));
  const files = addLooseFiles(
    found.runs,
    await candidatesOfAll(loose.map(([, file]) => file)),
    await candidatesOfAll(chosen.files.values()),
    request,
  );

  const assembled = files.map((run) => ({ ...run, ref: assembleRun(run, request) }));
  const names = new Set(files.map(({ run }) => run));
  const shardWarnings = shardRunWarnings(names);
  const unnumberedWarnings = unnumberedRunWarnings(assembled.map(({ ref }) => ref));
  const runs = assembled.map(({ run, ref, beside, files: ofRun }) => {
    const unmeasured = beside.filter((name) => !names.has(name));
    const warnings = [
      ...ref.warnings,
      ...besideWarnings(run, unmeasured),
      ...shardWarnings(run),
      ...unnumberedWarnings(run),
    ];
    const unopened = ofRun.flatMap(({ unopened: step }) => step ?? []);
    return selectSteps({ ...ref, warnings }, request, unopened);
  });
  return { runs, errors: [...given.errors, ...chosen.errors, ...found.errors] };
}
