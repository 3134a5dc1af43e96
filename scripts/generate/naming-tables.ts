import { MASK_WORDS } from '#discovery/names/mask-name.js';
import { NUMBER_WORDS, type WordKind } from '#discovery/names/number-words.js';
import { BESIDE_WORDS, EMBEDDING_WORDS, ROLE_WORDS, ROW_WORDS } from '#discovery/names/role-name.js';
import { SHARD_WORDS } from '#discovery/names/shard-name.js';
import { describesRows, ROLES } from '#discovery/names/step-ref.js';
import { betweenMarkers, table } from './markers.js';

const KINDS: Readonly<Record<WordKind, string>> = {
  step: 'steps',
  run: 'runs; padded to four digits or more, steps',
  setting: 'runs; padded, the tool asks',
  either: 'the tool asks',
};

/** Returns docs/naming.md with its tables made anew from the words that discovery reads by. */
export function withNamingTables(document: string): string {
  return betweenMarkers(document, {
    numbers: table(
      ['a number at it counts', 'what', 'words'],
      NUMBER_WORDS.map(({ kind, what, words }) => [KINDS[kind], what, list(words)]),
    ),
    roles: table(['role', 'words'], [...roles(), ['embeddings alone', list(EMBEDDING_WORDS)]]),
    beside: table(
      ['role', 'words', 'beside'],
      BESIDE_WORDS.map(({ role, words, beside }) => [
        role,
        list(words),
        beside.length > 0 ? list(beside) : role === 'target' ? 'any prediction' : 'any target',
      ]),
    ),
    masks: table(
      ['a 1', 'words beside `mask`'],
      Object.entries(MASK_WORDS).map(([what, words]) => [what, list(words)]),
    ),
    parts: `${list(SHARD_WORDS)}\n`,
  });
}

function roles(): string[][] {
  return ROLES.map((role) => {
    const words = describesRows(role)
      ? ROW_WORDS[role]
      : ROLE_WORDS.filter(([, of]) => of === role).map(([phrase]) => phrase);
    return [role, list(words)];
  });
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
