import { wordsIn } from './name-tokens.js';
import type { Role } from './step-ref.js';

/**
 * The words that name a role, as runs of whole words. `pred_emb`, `z_pred`, `y_pred`, `target_z`, `target_emb` and
 * `z_target` need no row: the word `pred` or `target` stands in each.
 */
const ROLE_WORDS: readonly (readonly [phrase: string, Role])[] = [
  ['prediction', 'prediction'],
  ['predictions', 'prediction'],
  ['pred', 'prediction'],
  ['preds', 'prediction'],
  ['target', 'target'],
  ['targets', 'target'],
  ['tgt', 'target'],
  ['context', 'context'],
  ['source', 'context'],
  ['prev', 'context'],
  ['initial_z', 'context'],
  ['mask', 'mask'],
  ['kl_reg', 'kl_reg'],
];

/** The words that say "embedding" without saying whose. */
const EMBEDDING_WORDS: ReadonlySet<string> = new Set([
  'embedding',
  'embeddings',
  'emb',
  'embs',
  'features',
  'z',
]);

/** Returns the roles a file, array or column name names; a name with two of them (`pred_target_gap`) settles none. */
export function rolesInName(name: string): readonly Role[] {
  const words = `_${wordsIn(name).join('_')}_`;
  return [...new Set(ROLE_WORDS.flatMap(([phrase, role]) => (words.includes(`_${phrase}_`) ? [role] : [])))];
}

/** Returns the one role a name names, or null. */
export function roleInName(name: string): Role | null {
  const roles = rolesInName(name);
  return roles.length === 1 ? roles[0]! : null;
}

/** Is true for a name that says "embedding"; it counts where there is no target to tell it from. */
export function namesEmbedding(name: string): boolean {
  return wordsIn(name).some((word) => EMBEDDING_WORDS.has(word));
}
