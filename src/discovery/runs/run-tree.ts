import type { FileClaims } from '../claims/claim.js';
import { identity } from '../names/tree-path.js';
import type { FoundFile, IgnoredFile } from '../paths/found-file.js';
import type { DirectoryNode } from '../paths/scan-directory.js';

/** The files of one run. */
export interface RunFiles {
  readonly run: string;
  readonly files: readonly FileClaims[];
  /** Runs in subdirectories, which are not measured as this directory holds steps itself. */
  readonly beside: readonly string[];
  /** The step that the run's directory names, where every file is of that step. */
  readonly onlyStep: number | null;
  readonly ignored: readonly IgnoredFile[];
}

export interface RunTree {
  /** Never empty: a directory without steps is one run without steps. */
  readonly runs: readonly RunFiles[];
  /** Files beside several runs, in none of them. */
  readonly stray: readonly FileClaims[];
}

/**
 * A directory as runs: itself if it, or a subdirectory that names a step, holds steps; else the
 * subdirectories that do, at any depth. `whole` makes it one run with everything below it.
 */
export function runsBelow(
  root: DirectoryNode,
  claims: ReadonlyMap<FoundFile, FileClaims>,
  whole: boolean,
): RunTree {
  const stray: FileClaims[] = [];
  const claimsOf = (files: readonly FoundFile[]): FileClaims[] => files.map((file) => claims.get(file)!);

  function runsOf(node: DirectoryNode): readonly RunFiles[] {
    const own = [...node.files];
    const others: DirectoryNode[] = [];
    for (const child of node.children) {
      if (child.ownStep === null) others.push(child);
      else addFiles(child, own);
    }
    const files = claimsOf(own);
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
  const all = claimsOf(everything);
  const one: RunFiles = { run: identity(root.path), files: all, beside: [], onlyStep: null, ignored: [] };
  if (whole) return { runs: [one], stray: [] };
  if (root.ownStep !== null && all.every((file) => isOfStep(file, root.ownStep))) {
    return { runs: [{ ...one, onlyStep: root.ownStep }], stray: [] };
  }
  const runs = runsOf(root);
  return runs.length > 0 ? { runs, stray } : { runs: [one], stray: [] };
}

export function whyStray({ file, ignored }: FileClaims): IgnoredFile {
  return { path: file.path, reason: ignored ?? 'beside runs, and part of none' };
}

function addFiles(node: DirectoryNode, to: FoundFile[]): void {
  for (const file of node.files) to.push(file);
  for (const child of node.children) addFiles(child, to);
}

/** A shared target beside several runs makes no run of its own; a numbered file or a prediction does. */
function holdsStep({ claims, doubts, fallback, unopened }: FileClaims): boolean {
  return (
    unopened !== null ||
    claims.some(({ role, step }) => role === 'prediction' || (role === 'target' && step !== null)) ||
    [...doubts, ...fallback].some(({ step }) => step !== null)
  );
}

function offersRole({ claims, doubts, fallback, unopened }: FileClaims): boolean {
  return unopened !== null || claims.length + doubts.length + fallback.length > 0;
}

function isOfStep({ claims, doubts, fallback, unopened }: FileClaims, only: number | null): boolean {
  return (
    (unopened === null || unopened === only) &&
    [...claims, ...doubts, ...fallback].every(({ step }) => step === only)
  );
}
