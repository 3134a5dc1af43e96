import type { FileCandidates } from '../candidates/candidate.js';
import { identity } from '../names/tree-path.js';
import type { FoundFile, IgnoredFile } from '../paths/found-file.js';
import type { DirectoryNode } from '../paths/scan-directory.js';

/** The files of one run. */
export interface RunFiles {
  readonly run: string;
  readonly files: readonly FileCandidates[];
  /** Runs in subdirectories, which are not measured as this directory holds steps itself. */
  readonly beside: readonly string[];
  /** The step that the run's directory names, where every file is of that step. */
  readonly onlyStep: number | null;
  /** True for files that were given one by one. */
  readonly isGiven?: boolean;
  readonly ignored: readonly IgnoredFile[];
}

export interface RunTree {
  /** Never empty: a directory without steps is one run without steps. */
  readonly runs: readonly RunFiles[];
  /** Files beside several runs, in none of them. */
  readonly stray: readonly FileCandidates[];
}

/**
 * Divides a directory into runs: itself if it, or a subdirectory that names a step, holds steps; else the
 * subdirectories that do, at any depth. `whole` makes it one run with everything below it.
 */
export function runsBelow(
  root: DirectoryNode,
  candidates: ReadonlyMap<FoundFile, FileCandidates>,
  whole: boolean,
): RunTree {
  const stray: FileCandidates[] = [];
  const candidatesOf = (files: readonly FoundFile[]): FileCandidates[] =>
    files.map((file) => candidates.get(file)!);

  function runsOf(node: DirectoryNode): readonly RunFiles[] {
    const own = [...node.files];
    const others: DirectoryNode[] = [];
    for (const child of node.children) {
      if (child.ownStep === null && !child.isPart) others.push(child);
      else addFiles(child, own);
    }
    const files = candidatesOf(own);
    const before = stray.length;
    const below = others.flatMap(runsOf);
    if (!files.some(holdsStep) && below.length > 0) {
      for (const file of files) stray.push(file);
      return below;
    }
    if (!files.some(offersRole)) {
      for (const file of files) stray.push(file);
      return [];
    }
    const ignored = stray.splice(before).map(whyStray);
    return [
      { run: identity(node.path), files, beside: below.map(({ run }) => run), onlyStep: null, ignored },
    ];
  }

  const everything: FoundFile[] = [];
  addFiles(root, everything);
  const all = candidatesOf(everything);
  const one: RunFiles = { run: identity(root.path), files: all, beside: [], onlyStep: null, ignored: [] };
  if (whole) return { runs: [one], stray: [] };
  if (root.ownStep !== null && all.every((file) => isOfStep(file, root.ownStep))) {
    return { runs: [{ ...one, onlyStep: root.ownStep }], stray: [] };
  }
  const runs = runsOf(root);
  return runs.length > 0 ? { runs, stray } : { runs: [one], stray: [] };
}

export function whyStray({ file, ignored }: FileCandidates): IgnoredFile {
  return { path: file.path, reason: ignored ?? 'beside runs, and part of none' };
}

function addFiles(node: DirectoryNode, to: FoundFile[]): void {
  for (const file of node.files) to.push(file);
  for (const child of node.children) addFiles(child, to);
}

/** Is true for a numbered file or a prediction; a shared target beside several runs makes no run of its own. */
function holdsStep({ candidates, problems, fallback, unopened }: FileCandidates): boolean {
  return (
    unopened !== null ||
    candidates.some(({ role, step }) => role === 'prediction' || (role === 'target' && step !== null)) ||
    [...problems, ...fallback].some(({ step }) => step !== null)
  );
}

function offersRole({ candidates, problems, fallback, unopened }: FileCandidates): boolean {
  return unopened !== null || candidates.length + problems.length + fallback.length > 0;
}

function isOfStep(
  { candidates, problems, fallback, unopened }: FileCandidates,
  only: number | null,
): boolean {
  return (
    (unopened === null || unopened === only) &&
    [...candidates, ...problems, ...fallback].every(({ step }) => step === only)
  );
}
