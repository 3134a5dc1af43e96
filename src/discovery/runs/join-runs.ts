import type { FileClaims } from '../claims/claim.js';
import { commonDirectory, identity, parentPath } from '../names/tree-path.js';
import type { RunFiles } from './run-tree.js';

/** Step directories given side by side (`run/step_*`, expanded by a shell) are steps of one run. */
export function joinStepDirectories(runs: readonly RunFiles[]): RunFiles[] {
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

/**
 * Adds files that `--pred` and `--target` chose to the runs they belong to: the run whose directory holds
 * them, else the only run, else, for a file without a step, all runs. Returns what belongs to none.
 */
export function attachChosen(chosen: readonly FileClaims[], runs: RunFiles[]): FileClaims[] {
  const byDirectory = new Map(runs.map(({ run }, at) => [run, at]));
  const added = new Map<number, FileClaims[]>();
  const add = (at: number, file: FileClaims): void => {
    const files = added.get(at) ?? [];
    added.set(at, files);
    files.push(file);
  };
  const left: FileClaims[] = [];
  for (const file of chosen) {
    const at = holderOf(identity(file.file.path), byDirectory) ?? (runs.length === 1 ? 0 : undefined);
    const unnumbered = file.unopened === null && file.claims.every(({ step }) => step === null);
    if (at !== undefined) add(at, file);
    else if (unnumbered && runs.length > 0) for (const index of runs.keys()) add(index, file);
    else left.push(file);
  }
  for (const [at, files] of added) {
    const run = runs[at]!;
    runs[at] = { ...run, files: [...run.files, ...files] };
  }
  return left;
}

function holderOf(path: string, byDirectory: ReadonlyMap<string, number>): number | undefined {
  for (let at = path; at !== parentPath(at); ) {
    at = parentPath(at);
    const index = byDirectory.get(at);
    if (index !== undefined) return index;
  }
  return undefined;
}

/** The name of a run made of files and patterns: the only path, else their directory, else the pattern. */
export function nameOfFiles(files: readonly FileClaims[], pattern: string | undefined): string {
  const paths = files.map(({ file }) => file.path);
  if (paths.length === 1) return identity(paths[0]!);
  return commonDirectory(paths) ?? pattern ?? '.';
}
