import { ERROR_CODES, type ErrorCode } from '#errors.js';
import { exitCodeOfError } from '#exit-code.js';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import { COMMANDS } from '#options/commands.js';
import { FLAGS, type Flag } from '#options/flags.js';
import { jepaRules } from '#rules/presets/jepa.js';
import { whyOfJepa } from '#rules/presets/jepa-whys.js';
import { RFC_0005_THRESHOLDS, rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { betweenMarkers, table } from './markers.js';

const code = (text: string) => `\`${text}\``;

/** The pages of docs/ whose tables are made from the registries, each with its tables by the name of their markers. */
export const REFERENCE_PAGES: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  'docs/flags.md': () => ({ commands: commandTable(), flags: flagTables() }),
  'docs/metrics.md': () => ({ metrics: metricTable() }),
  'docs/errors.md': () => ({ errors: errorTable() }),
  'docs/rules.md': () => ({ presets: presetTable() }),
};

/** Returns a page of `REFERENCE_PAGES` with its tables made anew. */
export function withFreshTables(page: string, document: string): string {
  return betweenMarkers(document, REFERENCE_PAGES[page]!());
}

function commandTable(): string {
  return table(
    ['command', 'what it does'],
    COMMANDS.map(({ name, summary }) => [code(`collapse ${name}`), summary]),
  );
}

function flagTables(): string {
  const flags = Object.values<Flag<unknown>>(FLAGS);
  const groups = [...new Set(flags.map(({ group }) => group))];
  const rows = (group: string) =>
    flags
      .filter((flag) => flag.group === group)
      .map(({ syntax, summary, defaultText, commands }) => [
        code(syntax),
        summary + (defaultText === undefined ? '' : ` (default: ${defaultText})`),
        commands.join(', '),
      ]);
  return groups
    .map((group) => `## ${group}\n\n${table(['flag', 'what it does', 'commands'], rows(group))}`)
    .join('\n');
}

function metricTable(): string {
  return table(
    ['id', 'set', 'what it is', 'range', 'collapse lies', 'detects'],
    METRIC_IDS.map((id) => {
      const { title, definition, range, unit, collapse, detects } = METRICS[id];
      const measure = unit === 'unitless' ? range : `${range}, ${unit}`;
      return [code(id), setOf(id), `${title}: ${definition}`, measure, collapse ?? '', detects];
    }),
  );
}

function setOf(id: MetricId): string {
  const [core, byDefault]: readonly (readonly string[])[] = [CORE_METRIC_IDS, DEFAULT_METRIC_IDS];
  if (core?.includes(id)) return 'core';
  return byDefault?.includes(id) ? 'default' : 'all';
}

function errorTable(): string {
  return table(
    ['code', 'exit', 'what', 'what to do'],
    Object.entries(ERROR_CODES).map(([id, { title, help }]) => [
      id,
      String(exitCodeOfError(id as ErrorCode)),
      title,
      help,
    ]),
  );
}

function presetTable(): string {
  const reference = rfc0005Rules(RFC_0005_THRESHOLDS).map(({ id, expression }) => [
    'rfc-0005',
    code(id),
    code(expression),
    'RFC-0005, section 3.6',
  ]);
  const own = jepaRules('error').map(({ id, expression, level }) => [
    'jepa',
    code(id),
    `${code(expression)}${level === 'warn' ? ' (only warns)' : ''}`,
    whyOfJepa(id) ?? '',
  ]);
  const text = table(['preset', 'rule', 'alerts when', 'why'], [...reference, ...own]);
  // A place to link to: cells themselves may hold no tag.
  return text.replace(/^(\| \S+ \| `([^`]+)` \|.*) \|$/gm, '$1 <a id="$2"></a> |');
}
