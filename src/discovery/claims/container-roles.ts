import { roleInName } from '../names/role-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import type { FileDescription } from '../paths/file-tree.js';
import type { DiscoveryRequest } from '../paths/request.js';
import { candidatesFor, chooseKey, keysNaming, noSuchKey, unclearKey } from './choose-key.js';
import { BESIDE, type Claim, NAMED } from './claim.js';
import { type KeyRole, KeySearch, type UnclearRole } from './key-search.js';
import { settleLeftovers } from './leftover-matrices.js';
import { stepColumn } from './step-rows.js';

export interface ContainerRoles {
  readonly found: readonly KeyRole[];
  readonly unclear: readonly UnclearRole[];
  /** What `--target none` may take for the prediction. */
  readonly fallback: KeyRole | null;
}

/**
 * The roles in a file of named arrays. `settled` are those its name or a pattern gives the file, at
 * `strength`; without any, `--pred-key` and its like and then the arrays' own names decide.
 */
export function rolesInContainer(
  description: FileDescription,
  settled: readonly Role[],
  strength: Claim['strength'],
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

/** The array of a role that the file is known to hold. */
function takeSettled(search: KeySearch, role: Role, strength: Claim['strength']): void {
  const asked = search.askedFor(role);
  const choice = chooseKey(role, asked, search.arrays, search.path);
  if (choice instanceof Error) search.doubt([role], choice);
  // One array for two roles would compare it with itself.
  else if (asked === undefined && !search.free.includes(choice)) {
    search.doubt([role], unclearKey([role], [choice], search.path));
  } else search.take(role, choice, strength);
}

/** The array that a flag names for the role; a file that may well be another role's need not have it. */
function takeAsked(search: KeySearch, role: Role, alone: boolean): void {
  const asked = search.askedFor(role);
  if (asked === undefined) return;
  const array = search.arrays.find(({ key }) => key === asked);
  if (array !== undefined) search.take(role, array, alone ? NAMED : BESIDE);
  else if (alone && candidatesFor(role, search.arrays).length > 0) {
    search.doubt([role], noSuchKey(asked, search.arrays, search.path));
  }
}

/** The array whose own name claims the role. */
function takeNamed(search: KeySearch, role: Role, alone: boolean): void {
  if (search.askedFor(role) !== undefined) return;
  const named = keysNaming(role, search.free);
  if (named.length === 1) search.take(role, named[0]!, alone || role === 'kl_reg' ? NAMED : BESIDE);
  else if (named.length > 1 && alone) search.doubt([role], unclearKey([role], named, search.path));
}

function takeMetadata(search: KeySearch, { metadata }: FileDescription): void {
  const entry = Object.entries(metadata).find(([key]) => roleInName(key) === 'kl_reg');
  if (entry === undefined || search.found.has('kl_reg')) return;
  const [key, text] = entry;
  search.found.set('kl_reg', { role: 'kl_reg', key, source: 'metadata', strength: NAMED, text });
}
