import type { InputError } from '../errors.js';
import type { ArrayDescription } from '../formats/define-format.js';
import { candidatesFor, chooseKey, keysNaming, noMatrix, noSuchKey, unclearKey } from './choose-key.js';
import { BESIDE, type Claim, NAMED } from './claim.js';
import type { FileDescription } from './file-tree.js';
import { type DiscoveryRequest, wantsTarget } from './request.js';
import { namesEmbedding, roleInName } from './role-name.js';
import { type InputRef, ROLES, type Role } from './step-ref.js';
import { stepColumn } from './step-rows.js';

/** An array, or a metadata entry, and the role it is taken for. */
export interface KeyRole {
  readonly role: Role;
  readonly key: string | null;
  readonly source: InputRef['source'];
  readonly strength: Claim['strength'];
  readonly text?: string;
}

export interface UnclearRole {
  readonly roles: readonly Role[];
  readonly error: InputError;
}

export interface ContainerRoles {
  readonly found: readonly KeyRole[];
  readonly unclear: readonly UnclearRole[];
  /** What `--target none` may take for the prediction. */
  readonly fallback: KeyRole | null;
}

/**
 * The roles in a file of named arrays. `settled` are those its name or a pattern gives the file, at
 * `strength`; without any, `--pred-key` and `--target-key` and then the arrays' own names decide.
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
  const asked = new Map<Role, string | undefined>([
    ['prediction', request.predKey],
    ['target', wantsTarget(request) ? request.targetKey : undefined],
  ]);
  const found = new Map<Role, KeyRole>();
  const unclear: UnclearRole[] = [];
  const take = (role: Role, { key }: ArrayDescription, how: Claim['strength']): void => {
    found.set(role, { role, key, source: 'array', strength: how });
  };
  const free = (): readonly ArrayDescription[] => {
    const keys = new Set([...found.values()].map(({ key }) => key));
    return arrays.filter(({ key }) => !keys.has(key));
  };

  for (const role of settled) {
    const choice = chooseKey(role, asked.get(role), arrays, path);
    if (choice instanceof Error) unclear.push({ roles: [role], error: choice });
    // One array for two roles would compare it with itself.
    else if (asked.get(role) === undefined && !free().includes(choice)) {
      unclear.push({ roles: [role], error: unclearKey([role], [choice], path) });
    } else take(role, choice, strength);
  }
  const open = ROLES.filter((role) => !settled.includes(role));
  for (const role of open) {
    const key = asked.get(role);
    const array = key === undefined ? undefined : arrays.find((one) => one.key === key);
    if (array !== undefined) take(role, array, settled.length > 0 ? BESIDE : NAMED);
    else if (key !== undefined && settled.length === 0 && candidatesFor(role, arrays).length > 0) {
      unclear.push({ roles: [role], error: noSuchKey(key, arrays, path) });
    }
  }
  for (const role of open) {
    if (asked.get(role) !== undefined) continue;
    const named = keysNaming(role, free());
    const how = settled.length > 0 && role !== 'kl_reg' ? BESIDE : NAMED;
    if (named.length === 1) take(role, named[0]!, how);
    else if (named.length > 1 && settled.length === 0) {
      unclear.push({ roles: [role], error: unclearKey([role], named, path) });
    }
  }
  const entry = Object.entries(description.metadata).find(([key]) => roleInName(key) === 'kl_reg');
  if (entry !== undefined && !found.has('kl_reg')) {
    const [key, text] = entry;
    found.set('kl_reg', { role: 'kl_reg', key, source: 'metadata', strength: NAMED, text });
  }
  const rest = settled.length > 0 ? null : settleRest(found, unclear, free(), request, path);
  return { found: [...found.values()], unclear, fallback: rest };
}

/** What to say, or take, where a file without a role in its name leaves a needed role open. */
function settleRest(
  found: ReadonlyMap<Role, KeyRole>,
  unclear: UnclearRole[],
  free: readonly ArrayDescription[],
  request: DiscoveryRequest,
  path: string,
): KeyRole | null {
  const needed: readonly Role[] = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const missing = needed.filter(
    (role) => !found.has(role) && !unclear.some(({ roles }) => roles.includes(role)),
  );
  for (const role of missing) {
    const narrow = free.filter(
      ({ key, kind }) => kind !== 'matrix' && key !== null && roleInName(key) === role,
    );
    if (narrow.length > 0) unclear.push({ roles: [role], error: noMatrix(role, narrow, path) });
  }
  const matrices = free.filter(({ kind }) => kind === 'matrix');
  const fallback = wantsTarget(request) || missing.length === 0 ? null : onlyEmbedding(matrices);
  if (fallback !== null) {
    return { role: 'prediction', key: fallback.key, source: 'array', strength: BESIDE };
  }
  const halfFound = missing.length > 0 && missing.length < needed.length;
  if (missing.length > 0 && matrices.length > (halfFound ? 0 : 1)) {
    unclear.push({ roles: missing, error: unclearKey(missing, matrices, path) });
  }
  return null;
}

function onlyEmbedding(matrices: readonly ArrayDescription[]): ArrayDescription | null {
  if (matrices.length === 1) return matrices[0]!;
  const named = matrices.filter(({ key }) => key !== null && namesEmbedding(key));
  return named.length === 1 ? named[0]! : null;
}
