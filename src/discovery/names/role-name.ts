import { maskInName, NEUTRAL_WORDS } from './mask-name.js';
import { wordsIn } from './name-tokens.js';
import { numberWord } from './number-words.js';
import { remembered } from './remembered.js';
import type { Role } from './step-ref.js';

/**
 * The words that name a role, as runs of whole words. `pred_emb`, `z_pred`, `y_pred`, `target_z`, `target_emb` and
 * `z_target` need no row: the word `pred` or `target` stands in each. docs/naming.md has this table.
 */
export const ROLE_WORDS: readonly (readonly [phrase: string, Role])[] = [
  ['prediction', 'prediction'],
  ['predictions', 'prediction'],
  ['predicted', 'prediction'],
  ['pred', 'prediction'],
  ['preds', 'prediction'],
  ['hat', 'prediction'],
  ['zhat', 'prediction'],
  ['yhat', 'prediction'],
  ['student', 'prediction'],
  ['online', 'prediction'],
  ['predictor_output', 'prediction'],
  ['predictor_outputs', 'prediction'],
  ['predictor_out', 'prediction'],
  ['predictor_emb', 'prediction'],
  ['predictor_embedding', 'prediction'],
  ['predictor_embeddings', 'prediction'],
  ['predictor_features', 'prediction'],
  ['predictor_z', 'prediction'],
  ['target', 'target'],
  ['targets', 'target'],
  ['tgt', 'target'],
  ['tgts', 'target'],
  ['targ', 'target'],
  ['targs', 'target'],
  ['teacher', 'target'],
  ['context', 'context'],
  ['source', 'context'],
  ['prev', 'context'],
  ['initial_z', 'context'],
  ['mask', 'mask'],
  ['kl_reg', 'kl_reg'],
];

/** The words of an array of one value a row; they count where the name says nothing else. docs/naming.md has them. */
export const ROW_WORDS: Readonly<Record<'label' | 'group', readonly string[]>> = {
  label: ['label', 'labels'],
  group: ['group', 'groups'],
};
/**
 * Words that give a role only where the other of a pair stands beside them and nothing else has theirs: the truth beside
 * any prediction, an averaged encoder beside one of these, a predictor beside a target. docs/naming.md has this table.
 */
export const BESIDE_WORDS: readonly {
  readonly role: 'prediction' | 'target';
  readonly words: readonly string[];
  /** Of the other; any where there are none. */
  readonly beside: readonly string[];
}[] = [
  {
    role: 'target',
    words: ['gt', 'gts', 'ground_truth', 'groundtruth', 'truth', 'true', 'actual'],
    beside: [],
  },
  { role: 'target', words: ['ema', 'momentum'], beside: ['student', 'online', 'predictor'] },
  { role: 'prediction', words: ['predictor', 'output', 'outputs', 'estimate', 'forecast'], beside: [] },
];
/** Words that say of a network that its output is meant. */
const NETWORK_WORDS: ReadonlySet<string> = new Set([
  'encoder',
  'enc',
  'network',
  'net',
  'branch',
  'out',
  'next',
]);

/** Words that may stand beside those: `class_labels`, `group_ids`. */
const BESIDE_ROW_WORDS: ReadonlySet<string> = new Set([...NEUTRAL_WORDS, 'class', 'id', 'ids']);

/** The words that say "embedding" without saying whose; a sole array of such a name is an encoder's output. */
export const EMBEDDING_WORDS: readonly string[] = [
  ...['embedding', 'embeddings', 'embed', 'embeds', 'emb', 'embs', 'feature', 'features', 'feat', 'feats'],
  ...[
    'latent',
    'latents',
    'representation',
    'representations',
    'repr',
    'reprs',
    'rep',
    'reps',
    'z',
    'zs',
    'h',
  ],
  ...['hidden', 'hiddens', 'activation', 'activations', 'acts', 'encoding', 'encodings', 'codes', 'code'],
  ...['projection', 'projections', 'proj', 'output', 'outputs', 'encoded', 'vectors', 'tokens'],
  ...['cls', 'pooled', 'pooler'],
];
const EMBEDDINGS: ReadonlySet<string> = new Set(EMBEDDING_WORDS);

/** The words that a number may follow without anything between: `pred500`. */
const BEFORE_NUMBERS: ReadonlySet<string> = new Set([
  ...ROLE_WORDS.flatMap(([phrase]) => phrase.split('_')),
  ...EMBEDDING_WORDS,
]);

/** Splits a name into words as `wordsIn` does, and those of roles from the numbers right behind them. */
function roleWordsIn(name: string): readonly string[] {
  return wordsIn(name).flatMap((word) => {
    const [, letters = '', digits = ''] = /^(\p{L}+)(\d+)$/u.exec(word) ?? [];
    // A letter and a number may be a name of its own, such as `z1` beside `z2`.
    const isStep = letters.length > 1 || digits.length > 2;
    return isStep && BEFORE_NUMBERS.has(letters) ? [letters, digits] : [word];
  });
}

/** Tells most names, of which a file may have many, apart from those with a role. */
const ANY_ROLE = new RegExp(`_(?:${ROLE_WORDS.map(([phrase]) => phrase).join('|')})_`);

/** Returns the roles a file, array or column name names; a name with two of them (`pred_target_gap`) settles none. */
export const rolesInName = remembered((name): readonly Role[] => {
  const mask = maskInName(name);
  if (mask !== null) return mask === 'unclear' ? [] : ['mask'];
  const words = `_${roleWordsIn(name).join('_')}_`;
  const roles = ANY_ROLE.test(words)
    ? ROLE_WORDS.flatMap(([phrase, role]) => (words.includes(`_${phrase}_`) ? [role] : []))
    : [];
  return roles.length > 0 ? [...new Set(roles)] : rowWordsIn(name);
});

/** Returns 'label' or 'group' for a name that says no more; `label_3` and `labels_layer4` are of something else. */
function rowWordsIn(name: string): readonly Role[] {
  if (!/label|group/i.test(name.replace(/\d+/g, ''))) return [];
  const said = wordsIn(name)
    .map((word) => word.replace(/\d+/g, ''))
    .filter((word) => word !== '' && !BESIDE_ROW_WORDS.has(word) && numberWord(word)?.kind !== 'step');
  const [word = '', ...others] = said;
  const role = (['label', 'group'] as const).find((one) => ROW_WORDS[one].includes(word));
  if (role === undefined || others.length > 0) return [];
  return /(label|group)[^\p{L}\d]?\d{1,2}(?!\d)/iu.test(name) ? [] : [role];
}

/** Returns the one role a name names, or null. */
export function roleInName(name: string): Role | null {
  const roles = rolesInName(name);
  return roles.length === 1 ? roles[0]! : null;
}

/** Returns what names say when their roles are taken out of them: `pred_layer4` and `target_layer4` are `layer4`. */
export const withoutRoles = remembered((name): string => {
  let words = `_${roleWordsIn(name).join('_')}_`;
  for (const [phrase] of ROLE_WORDS) words = words.replaceAll(`_${phrase}_`, '_');
  return words.replace(/^_+|_+$/g, '');
});

/** Returns the same without the words for an embedding, which tell no two of them apart. */
export function withoutEmbeddingWords(words: string): string {
  return words
    .split('_')
    .filter((word) => word !== '' && !EMBEDDINGS.has(word) && word !== 'y')
    .join('_');
}

/**
 * Returns the roles that names have only by those beside them: `gt` beside `pred`, `ema` beside `student`, `x` beside
 * `xhat`. Empty where prediction and target name themselves. Numbers must be taken out.
 */
export function rolesBeside(names: readonly string[]): ReadonlyMap<string, 'prediction' | 'target'> {
  const own = new Map(names.map((name) => [name, roleInName(name)]));
  const found = new Map<string, 'prediction' | 'target'>();
  const has = (role: Role) => [...own.values(), ...found.values()].includes(role);
  for (const [name, role] of own) {
    const base = /^([a-z])hat$/.exec(name)?.[1];
    if (role === null && base !== undefined && own.get(base) === null && !has('target')) {
      found.set(name, 'prediction').set(base, 'target');
    }
  }
  const isPredictor = (name: string) => own.get(name) === null && coreOf(name) === 'predictor';
  for (const { role, words, beside } of BESIDE_WORDS) {
    if (has(role)) continue;
    const other = role === 'target' ? 'prediction' : 'target';
    const isBeside = [...own].some(([name, of]) => {
      if (of !== other && found.get(name) !== other && !(other === 'prediction' && isPredictor(name)))
        return false;
      return beside.length === 0 || wordsIn(name).some((word) => beside.includes(word));
    });
    const named = [...own].filter(
      ([name, of]) =>
        of === null && [coreOf(name), wordsIn(name).join('_')].some((text) => words.includes(text)),
    );
    if (isBeside && named.length === 1) found.set(named[0]![0], role);
  }
  return found;
}

/** Returns what a name says beside that it is a network's output. */
function coreOf(name: string): string {
  return withoutEmbeddingWords(
    wordsIn(name)
      .filter((word) => !NETWORK_WORDS.has(word))
      .join('_'),
  );
}

/** Is true for a name that says "embedding"; it counts where there is no target to tell it from. */
export function namesEmbedding(name: string): boolean {
  return roleWordsIn(name).some((word) => EMBEDDINGS.has(word));
}

/** Returns what a prediction such as `z_hat` or `pred_z` predicts by its name: `z`; null for another name. */
export function predictedBy(name: string): string | null {
  const words = wordsIn(name).join('_');
  const base = /^(?:(.+)_(?:hat|pred)|(z|y)hat|(?:hat|pred|predicted)_(.+))$/.exec(words);
  return base?.[1] ?? base?.[2] ?? base?.[3] ?? null;
}
