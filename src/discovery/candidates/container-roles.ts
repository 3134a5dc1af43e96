import type { ArrayDescription } from '#formats/shared/define-format.js';
import { namesEmbedding, roleInName } from '../names/role-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import type { FileDescription } from '../paths/file-tree.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { BESIDE, type Candidate, NAMED } from './candidate.js';
import { arraysFor, chooseKey, keysNaming, noMatrix, noSuchKey, unclearKey } from './choose-key.js';
import { type KeyRole, KeySearch, type UnclearRole } from './key-search.js';
import { stepColumn } from './step-column.js';

export interface ContainerRoles {
  readonly found: readonly KeyRole[];
  readonly unclear: readonly UnclearRole[];
  /** What `--target none` may take for the prediction. */
  readonly fallback: KeyRole | null;
}

/**
 * Finds the roles in a file of named arrays. `settled` are those its name or a pattern gives the file, at
 * `strength`; without any, `--pred-key` and its like and then the arrays' own names decide.
 */
export function rolesInContainer(
  description: FileDescription,
  settled: readonly Role[],
  strength: Candidate['strength'],
  request: DiscoveryRequest,
  path: string,
): ContainerRoles {
  const step = stepColumn(description);
  const arrays = description.arrays.filter((array) => array !== step);
  const search = new KeySearch(arrays, request, path);
  const open = ROLES.filter((role) => !settled.includes(role));
  const alone = settled.length === 0;
  for (const role of settled) takeSettled(search, role, strength);
  for (const role of open) takeAsked(search, role, alone);
  for (const role of open) takeNamed(search, role, alone);
  takeMetadata(search, description);
  const fallback = alone ? settleLeftovers(search, request) : null;
  return { found: [...search.found.values()], unclear: search.unclear, fallback };
}

/** Takes the array of a role that the file is known to have. */
function takeSettled(search: KeySearch, role: Role, strength: Candidate['strength']): void {
  const asked = search.askedFor(role);
  const choice = chooseKey(role, asked, search.arrays, search.path);
  if (choice instanceof Error) search.addUnclear([role], choice);
  // One array for two roles would compare it with itself.
  else if (asked === undefined && !search.free.includes(choice)) {
    search.addUnclear([role], unclearKey([role], [choice], search.path));
  } else search.take(role, choice, strength);
}

/** Takes the array that a flag names for the role; a file that may well be another role's need not have it. */
function takeAsked(search: KeySearch, role: Role, alone: boolean): void {
  const asked = search.askedFor(role);
  if (asked === undefined) return;
  const array = search.arrays.find(({ key }) => key === asked);
  if (array !== undefined) search.take(role, array, alone ? NAMED : BESIDE);
  else if (alone && arraysFor(role, search.arrays).length > 0) {
    search.addUnclear([role], noSuchKey(asked, search.arrays, search.path));
  }
}

/** Takes the array whose own name names the role. */
function takeNamed(search: KeySearch, role: Role, alone: boolean): void {
  if (search.askedFor(role) !== undefined) return;
  const named = keysNaming(role, search.free);
  if (named.length === 1) search.take(role, named[0]!, alone || role === 'kl_reg' ? NAMED : BESIDE);
  else if (named.length > 1 && alone) search.addUnclear([role], unclearKey([role], named, search.path));
}

function takeMetadata(search: KeySearch, { metadata }: FileDescription): void {
  const entry = Object.entries(metadata).find(([key]) => roleInName(key) === 'kl_reg');
  if (entry === undefined || search.found.has('kl_reg')) return;
  const [key, text] = entry;
  search.found.set('kl_reg', { role: 'kl_reg', key, source: 'metadata', strength: NAMED, text });
}

/**
 * Says what is unclear where a container without a role in its name leaves a needed role open. Returns what
 * `--target none` may take for the prediction, as nothing else is there to be confused with it.
 */
function settleLeftovers(search: KeySearch, request: DiscoveryRequest): KeyRole | null {
  const needed: readonly Role[] = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const missing = needed.filter((role) => search.isOpen(role));
  const { free, path } = search;
  for (const role of missing) {
    const narrow = free.filter(
      ({ key, kind }) => kind !== 'matrix' && key !== null && roleInName(key) === role,
    );
    if (narrow.length > 0) search.addUnclear([role], noMatrix(role, narrow, path));
  }
  const matrices = free.filter(({ kind }) => kind === 'matrix');
  const fallback = wantsTarget(request) || missing.length === 0 ? null : onlyEmbedding(matrices);
  if (fallback !== null) {
    return { role: 'prediction', key: fallback.key, source: 'array', strength: BESIDE };
  }
  const halfFound = missing.length > 0 && missing.length < needed.length;
  if (missing.length > 0 && matrices.length > (halfFound ? 0 : 1)) {
    search.addUnclear(missing, unclearKey(missing, matrices, path));
  }
  return null;
}

function onlyEmbedding(matrices: readonly ArrayDescription[]): ArrayDescription | null {
  if (matrices.length === 1) return matrices[0]!;
  const named = matrices.filter(({ key }) => key !== null && namesEmbedding(key));
  return named.length === 1 ? named[0]! : null;
}
