import type { CollapseError } from '#errors.js';
import type { FileClaims } from './claims/claim.js';
import { claimsOfFile } from './claims/file-roles.js';
import type { RunRef } from './names/step-ref.js';
import { identity, showPath } from './names/tree-path.js';
import { resolveChosen } from './paths/chosen-files.js';
import type { FileDescription, FileTree } from './paths/file-tree.js';
import type { FoundFile } from './paths/found-file.js';
import { resolvePaths } from './paths/given-paths.js';
import { isPattern } from './paths/pattern.js';
import type { DiscoveryRequest } from './paths/request.js';
import { scanDirectory } from './paths/scan-directory.js';
import { assembleRun } from './runs/assemble.js';
import { attachChosen, joinStepDirectories, nameOfFiles } from './runs/join-runs.js';
import { type RunFiles, runsBelow, whyStray } from './runs/run-tree.js';
import { selectSteps } from './runs/select-steps.js';
import { unnumberedWarnings } from './runs/unnumbered-runs.js';
import { rankWarnings } from './warnings/rank-warnings.js';

export interface Discovery {
  readonly runs: readonly RunRef[];
  /** What is wrong outside any run: a missing path, a directory that cannot be listed. */
  readonly errors: readonly CollapseError[];
}

type ClaimsOf = (file: FoundFile) => Promise<FileClaims>;

/**
 * The runs and steps that paths and patterns stand for, by names and headers alone. Never throws for what
 * it finds: errors are returned, and the rest goes on. A directory without steps is a run without steps.
 */
export async function discoverRuns(request: DiscoveryRequest, tree: FileTree): Promise<Discovery> {
  const given = resolvePaths(request.paths, tree);
  const chosen = resolveChosen(request, given.directories, tree);
  const errors: CollapseError[] = [...given.errors, ...chosen.errors];
  const claimsOf = claimReader(request, tree);

  const fromDirectories = await runsOfDirectories(given.directories, chosen.files, request, tree, claimsOf);
  errors.push(...fromDirectories.errors);
  const runs = fromDirectories.runs;
  const loose: FileClaims[] = [];
  for (const [id, file] of given.files) {
    if (!fromDirectories.taken.has(id) && !chosen.files.has(id)) loose.push(await claimsOf(file));
  }
  const chosenClaims: FileClaims[] = [];
  for (const file of chosen.files.values()) chosenClaims.push(await claimsOf(file));
  for (const file of attachChosen(chosenClaims, runs)) loose.push(file);
  const [beside] = runs;
  const offersNothing = loose.every(
    ({ claims, doubts, fallback }) => claims.length + doubts.length + fallback.length === 0,
  );
  if (beside !== undefined && offersNothing) {
    // `run/*` names the run's notes and logs too: they are no run of their own.
    runs[0] = { ...beside, ignored: [...beside.ignored, ...loose.map(whyStray)] };
  } else if (loose.length > 0) {
    const pattern = [...request.paths, request.pred, request.target].find(
      (path) => path !== undefined && isPattern(path),
    );
    const run = nameOfFiles(loose, pattern);
    runs.push({ run, files: loose, beside: [], onlyStep: null, ignored: [] });
  }

  const names = new Set(runs.map(({ run }) => run));
  const rankWarning = rankWarnings(names);
  const assembled = runs.map((run) => assembleRun(run, request));
  const unnumberedWarning = unnumberedWarnings(assembled);
  const found = runs.map((run, i) => {
    const ref = assembled[i]!;
    const warnings = [
      ...ref.warnings,
      ...besideWarning(run, names),
      ...rankWarning(run.run),
      ...unnumberedWarning(run.run),
    ];
    const unopened = run.files.flatMap(({ unopened: step }) => step ?? []);
    return selectSteps({ ...ref, warnings }, request, unopened);
  });
  return { runs: found, errors };
}

/** Opens each file at most once, however many paths lead to it. */
function claimReader(request: DiscoveryRequest, tree: FileTree): ClaimsOf {
  const opened = new Map<string, Promise<FileDescription>>();
  const describe = (path: string): Promise<FileDescription> => {
    const id = identity(path);
    const known = opened.get(id);
    if (known !== undefined) return known;
    const description = Promise.resolve().then(() => tree.describe(path));
    opened.set(id, description);
    return description;
  };
  return (file) => claimsOfFile(file, request, describe);
}

interface DirectoryRuns {
  readonly runs: RunFiles[];
  /** Files of these runs, by identity. */
  readonly taken: ReadonlySet<string>;
  readonly errors: readonly CollapseError[];
}

async function runsOfDirectories(
  directories: readonly string[],
  chosen: ReadonlyMap<string, FoundFile>,
  request: DiscoveryRequest,
  tree: FileTree,
  claimsOf: ClaimsOf,
): Promise<DirectoryRuns> {
  const errors: CollapseError[] = [];
  const taken = new Set<string>();
  const elsewhere = new Set(chosen.keys());
  const byDirectory = new Map<string, readonly RunFiles[]>();
  // Outer directories first: what they hold is not measured again for an inner one.
  for (const directory of [...directories].sort((a, b) => identity(a).length - identity(b).length)) {
    const scan = scanDirectory(directory, tree, elsewhere);
    errors.push(...scan.errors);
    const claims = new Map<FoundFile, FileClaims>();
    for (const file of scan.files) claims.set(file, await claimsOf(file));
    const { runs, stray } = runsBelow(scan.root, claims, request.pred !== undefined);
    errors.push(
      ...stray.flatMap(({ doubts }) => doubts.flatMap(({ always, error }) => (always ? [error] : []))),
    );
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

function besideWarning({ run, beside }: RunFiles, measured: ReadonlySet<string>): string[] {
  const lost = beside.filter((name) => !measured.has(name));
  if (lost.length === 0) return [];
  const names = lost.slice(0, 5).map(showPath).join(', ');
  const more = lost.length > 5 ? ` and ${lost.length - 5} more` : '';
  return [
    `${showPath(run)} holds steps itself, so those in ${names}${more} are not measured; name them to do so`,
  ];
}
