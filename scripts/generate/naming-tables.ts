import { MASK_WORDS } from '#discovery/names/mask-name.js';
import { NUMBER_WORDS, type WordKind } from '#discovery/names/number-words.js';
import { EMBEDDING_WORDS, ROLE_WORDS, ROW_WORDS } from '#discovery/names/role-name.js';
import { SHARD_WORDS } from '#discovery/names/shard-name.js';
import { describesRows, ROLES } from '#discovery/names/step-ref.js';

const KINDS: Readonly<Record<WordKind, string>> = {
  step: 'steps',
  run: 'runs; padded to four digits or more, steps',
  setting: 'runs; padded, the tool asks',
  either: 'the tool asks',
};

/** Returns docs/naming.md with its tables made anew from the words that discovery reads by. */
export function withNamingTables(document: string): string {
  const tables = {
    numbers: numberTable(),
    roles: roleTable(),
    masks: maskTable(),
    parts: `${list(SHARD_WORDS)}\n`,
  };
  return document.replace(
    /(<!-- (\w+) -->\n\n)[\s\S]*?(\n<!-- \/\2 -->)/g,
    (all, open, name: keyof typeof tables, close) => (name in tables ? open + tables[name] + close : all),
  );
}

function numberTable(): string {
  const rows = NUMBER_WORDS.map(({ kind, what, words }) => `| ${KINDS[kind]} | ${what} | ${list(words)} |\n`);
  return `| a number at it counts | what | words |\n| --- | --- | --- |\n${rows.join('')}`;
}

function roleTable(): string {
  const rows = ROLES.map((role) => {
    const words = describesRows(role)
      ? ROW_WORDS[role]
      : ROLE_WORDS.filter(([, of]) => of === role).map(([phrase]) => phrase);
    return `| ${role} | ${list(words)} |\n`;
  });
  return `| role | words |\n| --- | --- |\n${rows.join('')}| embeddings alone | ${list(EMBEDDING_WORDS)} |\n`;
}

function maskTable(): string {
  const rows = Object.entries(MASK_WORDS).map(([what, words]) => `| ${what} | ${list(words)} |\n`);
  return `| a 1 | words beside \`mask\` |\n| --- | --- |\n${rows.join('')}`;
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
