import type { CollapseError } from '../errors.js';
import { byStep, type Candidate } from './candidate.js';
import { settleContest, stepLabel } from './contest.js';
import { eligibleClaims } from './eligible-claims.js';
import type { IgnoredFile } from './found-file.js';
import { hintAtArrays } from './hint-at-arrays.js';
import { isMeasured, type PlacedClaims, placeClaims, type RoleClaims } from './place-claims.js';
import { type DiscoveryRequest, wantsTarget } from './request.js';
import type { RunFiles } from './run-tree.js';
import type { InputRef, Role, RunRef } from './step-ref.js';
import { tellDoubts } from './tell-doubts.js';
import { tellIncomplete } from './tell-incomplete.js';

/**
 * The steps of one run from the claims of its files. What cannot be loaded becomes an error of its step,
 * and the other steps go on.
 */
export function assembleRun({ run, files, ignored: stray }: RunFiles, request: DiscoveryRequest): RunRef {
  const { claims, doubts, passed } = eligibleClaims(files, request);
  const placed = placeClaims(
    claims,
    doubts.some(({ step }) => step !== null),
  );
  const needed: readonly Role[] = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const conflicts: CollapseError[] = [];
  const candidates = new Map<number | null, Candidate>();
  const stepless: IgnoredFile[] = [];
  for (const [step, roles] of placed.bySteps) {
    if ([...roles.keys()].some(isMeasured)) {
      candidates.set(step, candidateOf(step, roles, placed, needed, conflicts));
      continue;
    }
    const reason = `${stepLabel(step)} has neither prediction nor target`;
    for (const { input } of [...roles.values()].flat()) stepless.push({ path: input.path, reason });
  }

  const told = tellDoubts(doubts, candidates);
  const steps = new Set([...candidates.keys(), ...told.errors.flatMap(({ step }) => step ?? [])]);
  const open = [...candidates.values()].filter(({ contested, missing }) => !contested && missing.length > 0);
  const unexplained = open.filter(
    ({ step, missing }) => !missing.some((role) => placed.contested.has(role) || told.explains(step, role)),
  );
  const incomplete = tellIncomplete(unexplained, [...steps]);
  const complete = [...candidates.values()].filter(
    ({ contested, missing }) => !contested && missing.length === 0,
  );

  const errors = [...placed.errors, ...conflicts, ...told.errors, ...incomplete.errors].sort(byStep);
  const ignored = [
    ...files.flatMap(({ file, ignored: reason }) => (reason === null ? [] : [{ path: file.path, reason }])),
    ...[...passed].map(([path, reason]) => ({ path, reason })),
    ...[...placed.ignored, ...stepless, ...told.ignored, ...stray, ...unusedShared(placed, complete)],
  ];
  const warnings = [...files.flatMap((file) => file.warnings), ...placed.warnings, ...incomplete.warnings];
  if (steps.size === 0 && errors.length === 0) warnings.push(...hintAtArrays(ignored));
  return {
    run,
    steps: complete.map(({ step, inputs }) => ({ step, inputs: Object.fromEntries(inputs) })).sort(byStep),
    errors,
    warnings,
    ignored,
  };
}

function candidateOf(
  step: number | null,
  claims: RoleClaims,
  { shared }: PlacedClaims,
  needed: readonly Role[],
  conflicts: CollapseError[],
): Candidate {
  const inputs = new Map<Role, InputRef>();
  let contested = false;
  for (const [role, rivals] of claims) {
    const settled = settleContest(role, step, rivals);
    if (settled instanceof Error) {
      conflicts.push(settled);
      contested = true;
    } else inputs.set(role, settled.input);
  }
  for (const [role, claim] of shared) if (!claims.has(role)) inputs.set(role, claim.input);
  return { step, inputs, missing: needed.filter((role) => !inputs.has(role)), contested };
}

function unusedShared({ shared }: PlacedClaims, complete: readonly Candidate[]): IgnoredFile[] {
  return [...shared].flatMap(([role, { input }]) =>
    complete.length > 0 && complete.every(({ inputs }) => inputs.get(role) !== input)
      ? [{ path: input.path, reason: `every step has a ${role} of its own` }]
      : [],
  );
}
