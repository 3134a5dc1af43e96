import type { InputError } from '#errors.js';
import type { ArrayDescription } from '#formats/shared/define-format.js';
import type { InputRef, Role } from '../names/step-ref.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import type { Candidate } from './candidate.js';

/** Returns the key that a flag such as `--pred-key` gives the role. */
export function askedKey(role: Role, request: DiscoveryRequest): string | undefined {
  if (role === 'prediction') return request.predKey;
  if (role === 'target') return wantsTarget(request) ? request.targetKey : undefined;
  if (role === 'mask') return request.noMask ? undefined : request.maskKey;
  const others: Partial<Record<Role, string | undefined>> = {
    context: request.contextKey,
    label: request.labelKey,
    group: request.groupKey,
  };
  return others[role];
}

/** An array, or a metadata entry, and the role it is taken for. */
export interface KeyRole {
  readonly role: Role;
  readonly key: string | null;
  readonly source: InputRef['source'];
  readonly strength: Candidate['strength'];
  readonly text?: string;
}

/** Roles for which no one array of the container can be chosen, and why. */
export interface UnclearRole {
  readonly roles: readonly Role[];
  readonly error: InputError;
}

/** What is known so far of the roles in one container: each array has one role at most, and each role one array. */
export class KeySearch {
  readonly arrays: readonly ArrayDescription[];
  /** Named in messages. */
  readonly path: string;
  readonly found = new Map<Role, KeyRole>();
  readonly unclear: UnclearRole[] = [];
  readonly #request: DiscoveryRequest;

  constructor(arrays: readonly ArrayDescription[], request: DiscoveryRequest, path: string) {
    this.arrays = arrays;
    this.path = path;
    this.#request = request;
  }

  /** Returns the key that a flag such as `--pred-key` gives the role. */
  askedFor(role: Role): string | undefined {
    return askedKey(role, this.#request);
  }

  take(role: Role, { key }: ArrayDescription, strength: Candidate['strength']): void {
    this.found.set(role, { role, key, source: 'array', strength });
  }

  addUnclear(roles: readonly Role[], error: InputError): void {
    this.unclear.push({ roles, error });
  }

  /** Returns the arrays that have no role yet. */
  get free(): readonly ArrayDescription[] {
    const keys = new Set([...this.found.values()].map(({ key }) => key));
    return this.arrays.filter(({ key }) => !keys.has(key));
  }

  /** Is true where nothing is known of the role, not even that it is unclear. */
  isOpen(role: Role): boolean {
    return !this.found.has(role) && !this.unclear.some(({ roles }) => roles.includes(role));
  }
}
