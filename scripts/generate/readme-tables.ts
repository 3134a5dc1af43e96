import { FLAGS, type Flag } from '#options/flags.js';

/** README.md with what stands between its markers made anew from the registries. */
export function withFreshTables(readme: string): string {
  return readme.replace(
    /(<!-- flags -->\n)[\s\S]*?(<!-- \/flags -->)/,
    (_, open, close) => open + flagTable() + close,
  );
}

function flagTable(): string {
  const rows = Object.values<Flag<unknown>>(FLAGS).map(({ syntax, summary, defaultText, commands }) => {
    const fallback = defaultText === undefined ? '' : ` (default: ${defaultText})`;
    return `| \`${syntax}\` | ${commands.join(', ')} | ${cell(summary + fallback)} |\n`;
  });
  return `| flag | commands | what it does |\n|---|---|---|\n${rows.join('')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<V2', '\\<V2');
}
