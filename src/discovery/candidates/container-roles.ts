import type { ArrayDescription } from '#formats/shared/define-format.js';
import { maskInName } from '../names/mask-name.js';
import { wordsIn } from '../names/name-tokens.js';
import { namesEmbedding, predictedBy, roleInName, rolesBeside, withoutRoles } from '../names/role-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import type { FileDescription } from '../paths/file-tree.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { BESIDE, type Candidate, NAMED } from './candidate.js';
import {
  arraysFor,
  chooseKey,
  keysNaming,
  noMatrix,
  noSuchKey,
  unclearKey,
  unclearMask,
} from './choose-key.js';
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
  const more = alone ? takePairs(search) : [];
  for (const role of open) takeAsked(search, role, alone);
  for (const role of open) takeNamed(search, role, alone);
  takeBeside(search, alone);
  if (search.isOpen('mask') && request.maskKey === undefined && !request.noMask) askForMask(search);
  takeMetadata(search, description);
  const fallback = alone ? settleLeftovers(search, request) : null;
  return { found: [...search.found.values(), ...more], unclear: search.unclear, fallback };
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
  if (search.askedFor(role) !== undefined || search.found.has(role)) return;
  const named = keysNaming(role, search.free);
  if (named.length === 1) search.take(role, named[0]!, alone || role === 'kl_reg' ? NAMED : BESIDE);
  else if (named.length > 1 && alone) search.addUnclear([role], unclearKey([role], named, search.path));
}

/**
 * Takes the pairs of a container that has several, `pred_a` and `target_a` beside `pred_b` and `target_b`, each for a
 * branch of its own. Returns those after the first.
 */
function takePairs(search: KeySearch): KeyRole[] {
  if (search.askedFor('prediction') !== undefined || search.askedFor('target') !== undefined) return [];
  const targets = new Map(
    keysNaming('target', search.arrays).map((array) => [withoutRoles(array.key!), array]),
  );
  const pairs = keysNaming('prediction', search.arrays).flatMap((prediction) => {
    const target = targets.get(withoutRoles(prediction.key!));
    return target === undefined ? [] : [{ prediction, target }];
  });
  const [first, ...others] = pairs;
  if (first === undefined || others.length === 0) return [];
  for (const role of ['prediction', 'target'] as const) search.take(role, first[role], NAMED);
  return others.flatMap((pair) =>
    (['prediction', 'target'] as const).map((role) => ({
      role,
      key: pair[role].key,
      source: 'array' as const,
      strength: NAMED,
    })),
  );
}

/** Takes the arrays that have their role by the names beside them: `z` beside `z_hat`, `gt` beside `pred`. */
function takeBeside(search: KeySearch, alone: boolean): void {
  const strength = alone ? NAMED : BESIDE;
  const matrices = search.arrays.filter(({ key, kind }) => kind === 'matrix' && key !== null);
  for (const [key, role] of rolesBeside(matrices.map((array) => array.key!))) {
    const array = search.free.find((one) => one.key === key);
    if (array !== undefined && search.isOpen(role)) search.take(role, array, strength);
  }
  const key = search.found.get('prediction')?.key ?? null;
  const base = key === null ? null : predictedBy(key);
  if (base === null || !search.isOpen('target')) return;
  const target = search.free.find(
    (array) => array.kind === 'matrix' && array.key !== null && wordsIn(array.key).join('_') === base,
  );
  if (target !== undefined) search.take('target', target, strength);
}

/** Adds that a mask is unclear where its name does not say whether a 1 keeps a row. */
function askForMask(search: KeySearch): void {
  const unclear = search.free.find(({ key }) => key !== null && maskInName(key) === 'unclear');
  if (unclear !== undefined) search.addUnclear(['mask'], unclearMask(unclear.key!, search.path));
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
  const fallback = missing.length === needed.length ? onlyEmbedding(matrices, wantsTarget(request)) : null;
  const alone: KeyRole | null =
    fallback === null ? null : { role: 'prediction', key: fallback.key, source: 'array', strength: BESIDE };
  if (alone !== null && (matrices.length === 1 || !wantsTarget(request))) return alone;
  const halfFound = missing.length > 0 && missing.length < needed.length;
  if (missing.length > 0 && matrices.length > (halfFound ? 0 : 1)) {
    search.addUnclear(missing, unclearKey(missing, matrices, path));
  }
  return alone;
}

/** Finds the sole embedding among matrices; `isNamed` asks that its name says so, unless it is the only one. */
function onlyEmbedding(matrices: readonly ArrayDescription[], isNamed: boolean): ArrayDescription | null {
  const [first, ...others] = matrices;
  if (first !== undefined && others.length === 0) {
    const { key } = first;
    return !isNamed || key === null || namesEmbedding(key) || /^arr_\d+$/.test(key) ? first : null;
  }
  const named = matrices.filter(({ key }) => key !== null && namesEmbedding(key));
  return named.length === 1 ? named[0]! : null;
}
