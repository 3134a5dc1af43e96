import type { CollapseError, InputError } from '#errors.js';
import { describesRows, type InputRef, type Role, stepLabel } from '../names/step-ref.js';
import type { IgnoredFile } from '../paths/found-file.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import type { Candidate, FileCandidates, Problem } from './candidate.js';
import { type DamagedShards, damagedShards } from './damaged-shards.js';
import { eligibleCandidates } from './eligible-candidates.js';
import { isMeasured, placeCandidates, type RoleCandidates } from './place-candidates.js';
import { settleConflict } from './settle-conflict.js';

/** A step as its files make it up, before it is known whether it can be loaded. */
export interface DraftStep {
  readonly step: number | null;
  readonly inputs: ReadonlyMap<Role, InputRef>;
  /** Why a role in several shards is not whole; its role is in neither `inputs` nor `missing`. */
  readonly shardError: InputError | null;
  /** Needed roles without a candidate. */
  readonly missing: readonly Role[];
  /** True where candidates conflict, or one of several shards cannot be used: an error says so already. */
  readonly conflicting: boolean;
}

export interface Drafts {
  readonly steps: ReadonlyMap<number | null, DraftStep>;
  /** What every numbered step without its own uses. */
  readonly shared: ReadonlyMap<Role, Candidate>;
  /** Roles whose shared files conflict: no step can be said to lack them. */
  readonly conflicting: ReadonlySet<Role>;
  readonly problems: readonly Problem[];
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
  readonly ignored: readonly IgnoredFile[];
}

/** Makes up the steps of one run from what its files offer. */
export function draftSteps(files: readonly FileCandidates[], request: DiscoveryRequest): Drafts {
  const { candidates, problems: found, passed } = eligibleCandidates(files, request);
  const shards = damagedShards(found, candidates);
  const { problems } = shards;
  const { bySteps, shared, ...placement } = placeCandidates(
    candidates,
    problems.some(({ step }) => step !== null),
  );
  const needed: readonly Role[] = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const conflicts: CollapseError[] = [];
  const warnings: string[] = [];
  const stepless: IgnoredFile[] = [];
  const steps = new Map<number | null, DraftStep>();
  for (const [step, roles] of bySteps) {
    if ([...roles.keys()].some(isMeasured)) {
      steps.set(step, draftOf(step, roles, shared, shards, needed, { conflicts, warnings }));
      continue;
    }
    const reason = `${stepLabel(step)} has neither prediction nor target`;
    for (const { input } of [...roles.values()].flat()) stepless.push({ path: input.path, reason });
  }
  return {
    ...placement,
    steps,
    shared,
    problems,
    errors: [...placement.errors, ...conflicts],
    warnings: [...placement.warnings, ...warnings],
    ignored: [...[...passed].map(([path, reason]) => ({ path, reason })), ...placement.ignored, ...stepless],
  };
}

function draftOf(
  step: number | null,
  candidates: RoleCandidates,
  shared: Drafts['shared'],
  shards: DamagedShards,
  needed: readonly Role[],
  { conflicts, warnings }: { readonly conflicts: CollapseError[]; readonly warnings: string[] },
): DraftStep {
  const inputs = new Map<Role, InputRef>();
  let conflicting = false;
  let shardError: InputError | null = null;
  const torn = new Set<Role>();
  for (const [role, rivals] of candidates) {
    const other = role === 'prediction' ? 'target' : 'prediction';
    const others = isMeasured(role) ? [candidates.get(other) ?? [], shared.get(other) ?? []].flat() : [];
    const settled = settleConflict(role, step, rivals, others);
    if (shards.spoils(step, role)) conflicting = true;
    else if (!(settled instanceof Error)) inputs.set(role, settled.input);
    else if (describesRows(role)) warnings.push(`${settled.message}; none is used`);
    else if (settled.code === 'E226') {
      shardError ??= settled;
      torn.add(role);
    } else {
      conflicts.push(settled);
      conflicting = true;
    }
  }
  for (const [role, candidate] of shared) {
    if (candidates.has(role)) continue;
    if (shards.spoils(null, role)) conflicting = true;
    else inputs.set(role, candidate.input);
  }
  const missing = needed.filter((role) => !inputs.has(role) && !torn.has(role));
  return { step, inputs, shardError, missing, conflicting };
}
