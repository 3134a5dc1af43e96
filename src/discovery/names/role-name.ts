import type { Role } from './step-ref.js';

/**
 * Words that claim a role, as runs of whole tokens. `pred_emb`, `z_pred`, `y_pred`, `target_z`,
 * `target_emb` and `z_target` need no row: the token `pred` or `target` stands in each.
 */
const WORDS: readonly (readonly [Role, readonly string[]])[] = [
  ['prediction', ['prediction']],
  ['prediction', ['predictions']],
  ['prediction', ['pred']],
  ['prediction', ['preds']],
  ['target', ['target']],
  ['target', ['targets']],
  ['target', ['tgt']],
  ['context', ['context']],
  ['context', ['source']],
  ['context', ['prev']],
  ['context', ['initial', 'z']],
  ['mask', ['mask']],
  ['kl_reg', ['kl', 'reg']],
];

const EMBEDDING_WORDS: ReadonlySet<string> = new Set([
  'embedding',
  'embeddings',
  'emb',
  'embs',
  'features',
  'z',
]);

function tokensOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}

/** The roles a file, array or column name claims; a name with two of them (`pred_target_gap`) settles none. */
export function rolesInName(name: string): readonly Role[] {
  const tokens = tokensOf(name);
  const roles = new Set<Role>();
  for (const [role, words] of WORDS) {
    if (tokens.some((_, at) => words.every((word, i) => tokens[at + i] === word))) roles.add(role);
  }
  return [...roles];
}

/** The one role a name claims, or null. */
export function roleInName(name: string): Role | null {
  const roles = rolesInName(name);
  return roles.length === 1 ? roles[0]! : null;
}

/** True for a name that says "embedding" without saying whose; it counts where there is no target to tell it from. */
export function namesEmbedding(name: string): boolean {
  return tokensOf(name).some((token) => EMBEDDING_WORDS.has(token));
}
