import type { CollapseError, InputError } from '#errors.js';
import { byStep, type Candidate } from '../claims/candidate.js';
import { settleContest } from '../claims/contest.js';
import { eligibleClaims } from '../claims/eligible-claims.js';
import { isMeasured, type PlacedClaims, placeClaims, type RoleClaims } from '../claims/place-claims.js';
import { stepLabel } from '../names/step-label.js';
import { type InputRef, partsOf, type Role, type RunRef } from '../names/step-ref.js';
import type { IgnoredFile } from '../paths/found-file.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { warnOfZarrStores } from '../paths/zarr-store.js';
import { hintAtArrays } from '../warnings/hint-at-arrays.js';
import { type RanksInDoubt, ranksInDoubt } from '../warnings/ranks-in-doubt.js';
import { tellDoubts } from '../warnings/tell-doubts.js';
import { tellIncomplete } from '../warnings/tell-incomplete.js';
import { tellRanks } from '../warnings/tell-ranks.js';
import type { RunFiles } from './run-tree.js';

/**
 * The steps of one run from the claims of its files. What cannot be loaded becomes an error of its step,
 * and the other steps go on.
 */
export function assembleRun({ run, files, ignored: stray }: RunFiles, request: DiscoveryRequest): RunRef {
  const { claims, doubts: raised, passed } = eligibleClaims(files, request);
  const ranks = ranksInDoubt(raised, claims);
  const { doubts } = ranks;
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
      candidates.set(step, candidateOf(step, roles, placed, ranks, needed, conflicts));
      continue;
    }
    const reason = `${stepLabel(step)} has neither prediction nor target`;
    for (const { input } of [...roles.values()].flat()) stepless.push({ path: input.path, reason });
  }

  const told = tellDoubts(doubts, candidates);
  const unopened = files.flatMap(({ unopened: step }) => step ?? []);
  const steps = new Set([
    ...candidates.keys(),
    ...told.errors.flatMap(({ step }) => step ?? []),
    ...unopened,
  ]);
  const open = [...candidates.values()].filter(({ contested, missing }) => !contested && missing.length > 0);
  const unexplained = open.filter(
    ({ step, missing }) => !missing.some((role) => placed.contested.has(role) || told.explains(step, role)),
  );
  const incomplete = tellIncomplete(unexplained, [...steps]);
  const whole = [...candidates.values()].filter(
    ({ contested, missing }) => !contested && missing.length === 0,
  );
  const torn = tellRanks(whole, [...steps]);
  const complete = whole.filter((candidate) => !torn.faulty.has(candidate));

  const errors = [...placed.errors, ...conflicts, ...told.errors, ...incomplete.errors, ...torn.errors].sort(
    byStep,
  );
  const ignored = [
    ...files.flatMap(({ file, ignored: reason }) => (reason === null ? [] : [{ path: file.path, reason }])),
    ...[...passed].map(([path, reason]) => ({ path, reason })),
    ...[...placed.ignored, ...stepless, ...told.ignored, ...stray, ...unusedShared(placed, complete)],
  ];
  const warnings = [
    ...files.flatMap((file) => file.warnings),
    ...placed.warnings,
    ...incomplete.warnings,
    ...torn.warnings,
    ...warnOfZarrStores(ignored),
  ];
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
  ranks: RanksInDoubt,
  needed: readonly Role[],
  conflicts: CollapseError[],
): Candidate {
  const inputs = new Map<Role, InputRef>();
  let contested = false;
  let rankError: InputError | null = null;
  const torn = new Set<Role>();
  for (const [role, rivals] of claims) {
    const settled = settleContest(role, step, rivals);
    if (ranks.spoils(step, role)) contested = true;
    else if (!(settled instanceof Error)) inputs.set(role, settled.input);
    else if (settled.code === 'E226') {
      rankError ??= settled;
      torn.add(role);
    } else {
      conflicts.push(settled);
      contested = true;
    }
  }
  for (const [role, claim] of shared) {
    if (claims.has(role)) continue;
    if (ranks.spoils(null, role)) contested = true;
    else inputs.set(role, claim.input);
  }
  const missing = needed.filter((role) => !inputs.has(role) && !torn.has(role));
  return { step, inputs, rankError, missing, contested };
}

function unusedShared({ shared }: PlacedClaims, complete: readonly Candidate[]): IgnoredFile[] {
  return [...shared].flatMap(([role, { input }]) =>
    complete.length > 0 && complete.every(({ inputs }) => inputs.get(role) !== input)
      ? partsOf(input).map(({ path }) => ({ path, reason: `every step has a ${role} of its own` }))
      : [],
  );
}
