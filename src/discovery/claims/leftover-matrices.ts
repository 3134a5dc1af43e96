import type { ArrayDescription } from '#formats/shared/define-format.js';
import { namesEmbedding, roleInName } from '../names/role-name.js';
import type { Role } from '../names/step-ref.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { noMatrix, unclearKey } from './choose-key.js';
import { BESIDE } from './claim.js';
import type { KeyRole, KeySearch } from './key-search.js';

/**
 * What to say, or take, where a container without a role in its name leaves a needed role open. Returns what
 * `--target none` may take for the prediction, as nothing has to be told from it.
 */
export function settleLeftovers(search: KeySearch, request: DiscoveryRequest): KeyRole | null {
  const needed: readonly Role[] = wantsTarget(request) ? ['prediction', 'target'] : ['prediction'];
  const missing = needed.filter((role) => search.isOpen(role));
  const { free, path } = search;
  for (const role of missing) {
    const narrow = free.filter(
      ({ key, kind }) => kind !== 'matrix' && key !== null && roleInName(key) === role,
    );
    if (narrow.length > 0) search.doubt([role], noMatrix(role, narrow, path));
  }
  const matrices = free.filter(({ kind }) => kind === 'matrix');
  const fallback = wantsTarget(request) || missing.length === 0 ? null : onlyEmbedding(matrices);
  if (fallback !== null) {
    return { role: 'prediction', key: fallback.key, source: 'array', strength: BESIDE };
  }
  const halfFound = missing.length > 0 && missing.length < needed.length;
  if (missing.length > 0 && matrices.length > (halfFound ? 0 : 1)) {
    search.doubt(missing, unclearKey(missing, matrices, path));
  }
  return null;
}

function onlyEmbedding(matrices: readonly ArrayDescription[]): ArrayDescription | null {
  if (matrices.length === 1) return matrices[0]!;
  const named = matrices.filter(({ key }) => key !== null && namesEmbedding(key));
  return named.length === 1 ? named[0]! : null;
}
