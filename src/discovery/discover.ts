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
import type { FileCandidates } from './candidates/candidate.js';
import { candidatesOfFile, describeOnce } from './candidates/file-candidates.js';
import { askedKey } from './candidates/key-search.js';
import { isMeasured } from './candidates/place-candidates.js';
import { ROLES, type Role, type RunRef } from './names/step-ref.js';
import { identity, parentPath } from './names/tree-path.js';
import { AlikeSteps } from './paths/alike-steps.js';
import { fileKind } from './paths/file-kind.js';
import type { FileTree } from './paths/file-tree.js';
import { type FoundFile, namedFile } from './paths/found-file.js';
import { attempt, resolvePaths } from './paths/given-paths.js';
import { keyWords, NameTree } from './paths/name-tree.js';
import { readNames } from './paths/read-names.js';
import { type DiscoveryRequest, wantsTarget } from './paths/request.js';
import {
  filesBelow,
  filesOfNode,
  namedDirectory,
  type Shortened,
  scanDirectories,
} from './paths/scan-directory.js';
import { assembleRuns } from './runs/assemble.js';
import { runsInDirectories } from './runs/directory-runs.js';
import { addLooseFiles } from './runs/loose-files.js';
import { besideWarnings, shardRunWarnings } from './warnings/run-warnings.js';
import { arraysIn } from './warnings/unread-files.js';

export interface Discovery {
  readonly runs: readonly RunRef[];
  /** What is wrong outside any run: a missing path, a directory that cannot be listed. */
  readonly errors: readonly CollapseError[];
}

/**
 * Finds the runs and steps that paths and patterns stand for, by names and headers alone. Never throws for what
 * it finds: errors are returned, and the rest goes on. A directory without steps is a run without steps.
 */
export async function discoverRuns(asked: DiscoveryRequest, tree: FileTree): Promise<Discovery> {
  const newest =
    asked.last === undefined ? null : (await import('./paths/newest-steps.js')).NewestSteps.of(asked);
  if (newest !== null) {
    const found = await discover(asked, tree, newest);
    if (newest.isEnough(found.runs)) return found;
  }
  const alike = new AlikeSteps(asked, tree);
  const found = await discover(asked, alike.tree, alike, (run) => alike.whole(run));
  return alike.isWhole(found.errors) ? found : discover(asked, alike.tree, null);
}

async function discover(
  asked: DiscoveryRequest,
  tree: FileTree,
  shortened: Shortened | null,
  whole: (run: RunRef) => RunRef = (run) => run,
): Promise<Discovery> {
  const given = await resolvePaths(asked.paths, tree);
  const choosing =
    asked.pred === undefined && asked.target === undefined ? null : await import('./paths/chosen-files.js');
  const chosen = choosing?.resolveChosen(asked, given.directories, tree) ?? { files: new Map(), errors: [] };
  const elsewhere = new Set(chosen.files.keys());
  const nameTree = new NameTree(keysOf(asked));
  const scans = scanDirectories(given.directories, tree, elsewhere, shortened);
  for (const { root } of scans.values()) {
    nameTree.directory(identity(root.path)).isListed = true;
    for (const { path } of filesBelow(root)) nameTree.addFile(path, true);
  }
  for (const { path } of given.files.values()) nameTree.addFile(path, false);
  for (const { path, bound, roles } of chosen.files.values()) {
    if (bound === null) nameTree.addFile(path, false, roles[0]);
  }
  const describe = describeOnce(tree);
  const naming = await readNames(nameTree, asked.siblings, describe);
  const errors = [...given.errors, ...chosen.errors];

  const roots = new Map([...scans].map(([path, scan]) => [path, namedDirectory(scan.root, naming)]));
  const listed = [...roots.values()].flatMap(filesOfNode);
  const loose: FoundFile[] = [];
  for (const [id, file] of given.files) {
    if (elsewhere.has(id) || isRefused(id, naming.refused)) continue;
    attempt(errors, () => loose.push(namedFile(file, naming)));
  }
  const picked: FoundFile[] = [];
  for (const [id, file] of chosen.files) {
    if (!isRefused(id, naming.refused))
      attempt(errors, () => picked.push(choosing!.namedChosen(file, naming)));
  }
  const offers = new Map<FoundFile, FileCandidates>();
  for (const file of [...listed, ...loose, ...picked]) {
    offers.set(file, await candidatesOfFile(file, asked, describe));
  }
  const candidatesOf = (file: FoundFile) => offers.get(file)!;

  const isOne = asked.pred !== undefined;
  const found = runsInDirectories(scans, roots, naming, isOne, candidatesOf);
  const others = loose.filter(({ path }) => !found.taken.has(identity(path)));
  const files = addLooseFiles(found.runs, others.map(candidatesOf), picked.map(candidatesOf), asked);

  const assembled = files.flatMap((run) => {
    const request: DiscoveryRequest = areEmbeddingsAlone(run.files, asked)
      ? { ...asked, target: 'none' }
      : asked;
    const offered = run.files.map((file) => asAsked(file, request));
    return assembleRuns({ ...run, files: offered }, request).map((ref) => ({ ...run, ref, request }));
  });
  const names = new Set(files.map(({ run }) => run));
  const shardWarnings = shardRunWarnings(names);
  const passedOver =
    assembled.length > 2 || files.some((run) => run.files.some(isEmbeddingsAlone))
      ? await import('./warnings/passed-over.js')
      : undefined;
  const oneStep =
    asked.siblings === undefined ? passedOver?.oneStepWarnings(assembled.map(({ ref }) => ref)) : undefined;
  const more = new Map<RunRef, readonly string[]>();
  for (const { ref, files: ofRun } of assembled) {
    const arrays = ref.steps.length + ref.errors.length > 0 ? [] : arraysIn(ref.ignored);
    if (arrays.length === 0) continue;
    const { unnamedArrayWarnings } = await import('./warnings/unnamed-arrays.js');
    more.set(
      ref,
      unnamedArrayWarnings(
        arrays,
        ofRun.map(({ file }) => file),
      ),
    );
  }
  for (const { ref } of asked.noMask ? [] : assembled) {
    // Seldom needed: no other array lies beside, and the prediction is the only one of its file.
    const hasOthers = ref.ignored.some(({ path }) => fileKind(path) === 'array');
    if (!hasOthers && ref.steps[0]?.inputs.prediction?.key == null) continue;
    const { unusedMaskWarnings } = await import('./warnings/unused-masks.js');
    more.set(ref, [...(more.get(ref) ?? []), ...(await unusedMaskWarnings(ref, describe))]);
  }
  const isSelected = asked.steps !== undefined || asked.last !== undefined;
  const selection = isSelected ? await import('./runs/select-steps.js') : null;
  const runs = assembled.map(({ run, ref, beside, files: ofRun, request }, i) => {
    const unmeasured = beside.filter((name) => !names.has(name));
    // What is said of a run is said at its first branch.
    const isFirst = assembled[i - 1]?.run !== run;
    const ofRuns = isFirst
      ? [
          ...besideWarnings(run, unmeasured),
          ...shardWarnings(run),
          ...(oneStep?.(run) ?? []),
          ...((isOfPairs(ref, request) && passedOver?.besidePairWarnings(ofRun.filter(isEmbeddingsAlone))) ||
            []),
        ]
      : [];
    const warnings = [...ref.warnings, ...(more.get(ref) ?? []), ...ofRuns];
    const unopened = ofRun.flatMap(({ unopened: step }) => step ?? []);
    const all = whole({ ...ref, warnings });
    return selection?.selectSteps(all, request, unopened) ?? all;
  });
  return { runs, errors: [...errors, ...naming.errors, ...found.errors] };
}

/** Returns the roles that flags such as `--pred-key` give to files by their names. */
function keysOf(asked: DiscoveryRequest): ReadonlyMap<string, Role> {
  return new Map(
    ROLES.flatMap((role) => {
      const key = askedKey(role, asked);
      return key === undefined ? [] : [[keyWords(key), role] as const];
    }),
  );
}

/** Is true where no file is a prediction or a target, or may be one, and some are embeddings: the output of an encoder. */
function areEmbeddingsAlone(files: readonly FileCandidates[], request: DiscoveryRequest): boolean {
  if (request.pred !== undefined || !wantsTarget(request)) return false;
  const isPair = files.some(
    ({ candidates, problems, fallback }) =>
      candidates.some(({ role }) => isMeasured(role)) ||
      (fallback.length === 0 &&
        problems.some(({ roles, isUnread }) => isUnread !== true && roles.some(isMeasured))),
  );
  return !isPair && files.some(({ fallback }) => fallback.length > 0);
}

/** Is true for the output of an encoder, which has no part in a pair. */
function isEmbeddingsAlone({ candidates, fallback }: FileCandidates): boolean {
  return candidates.length === 0 && fallback.length > 0;
}

function isOfPairs({ steps }: RunRef, request: DiscoveryRequest): boolean {
  return steps.length > 0 && request.pred === undefined && wantsTarget(request);
}

/** Returns what a file offers: its fallback only where embeddings are measured alone. */
function asAsked(file: FileCandidates, request: DiscoveryRequest): FileCandidates {
  if (file.fallback.length === 0) return file;
  if (wantsTarget(request)) return { ...file, fallback: [] };
  const problems = file.problems.filter(({ always, roles }) => always || !roles.some(isMeasured));
  return { ...file, problems, ignored: null, warnings: file.ignored === null ? file.warnings : [] };
}

/** Is true for a path that only the user knows how to read, or one below it. */
function isRefused(path: string, refused: ReadonlySet<string>): boolean {
  if (refused.size === 0) return false;
  for (let at = path, last = ''; at !== last; last = at, at = parentPath(at))
    if (refused.has(at)) return true;
  return false;
}
