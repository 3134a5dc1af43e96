import { wordsIn } from './name-tokens.js';
import { numberWord } from './number-words.js';
import { SHARD_WORDS } from './shard-name.js';

/** What a 1 of a mask means by its name: the row is kept, or dropped; 'unclear' where the name does not say it. */
export type MaskMeaning = 'keeps' | 'drops' | 'unclear';

/** The words beside `mask` that say what a 1 means; docs/naming.md has them. */
export const MASK_WORDS: Readonly<Record<'keeps' | 'drops', readonly string[]>> = {
  keeps: ['attention', 'attn', 'att', 'valid', 'validity', 'keep', 'kept', 'input'],
  drops: [
    ...[
      'padding',
      'pad',
      'padded',
      'pads',
      'ignore',
      'ignored',
      'drop',
      'dropped',
      'invalid',
      'exclude',
      'excluded',
    ],
  ],
};
const KEEPS: ReadonlySet<string> = new Set(MASK_WORDS.keeps);
const DROPS: ReadonlySet<string> = new Set(MASK_WORDS.drops);
/** Words that say of what, and not what for. */
export const NEUTRAL_WORDS: ReadonlySet<string> = new Set([
  ...[
    'key',
    'src',
    'is',
    'bool',
    'boolean',
    'token',
    'tokens',
    'row',
    'rows',
    'sample',
    'samples',
    'sequence',
    'seq',
  ],
  ...['batch', 'eval', 'val', 'of', ...SHARD_WORDS],
]);

/** Words that say whose rows; beside one that says what a 1 means they change nothing, and alone they do not say it. */
const WHOSE: ReadonlySet<string> = new Set([
  ...['prediction', 'predictions', 'predicted', 'pred', 'preds', 'student', 'online'],
  ...['target', 'targets', 'tgt', 'tgts', 'teacher'],
]);

/** Returns what a name says of the mask that it names; null where it names none. `masked` and `unmask` are none. */
export function maskInName(name: string): MaskMeaning | null {
  const words = wordsIn(name)
    .map((word) => word.replace(/\d+/g, ''))
    .filter((word) => word !== '' && numberWord(word)?.kind !== 'step');
  const at = words.findIndex((word) => /mask(s)?$/.test(word) && word !== 'unmask');
  if (at < 0) return null;
  const glued = words[at]!.replace(/masks?$/, '');
  const isLast = words.slice(at + 1).every((word) => NEUTRAL_WORDS.has(word));
  // `mask_pred` is a prediction of what is masked.
  if (!isLast && words.slice(at + 1).some((word) => /^(pred|target|tgt)/.test(word))) return null;
  const said = [...words.filter((_, i) => i !== at), glued].filter(
    (word) => word !== '' && !NEUTRAL_WORDS.has(word),
  );
  if (words[at]!.endsWith('s')) return 'unclear';
  const what = isLast ? said.filter((word) => !WHOSE.has(word)) : said;
  if (said.length > 0 && what.length === 0) return 'unclear';
  if (what.every((word) => KEEPS.has(word))) return 'keeps';
  return what.every((word) => DROPS.has(word)) ? 'drops' : 'unclear';
}
