// The rooms of src/ from the ground up, and what each may import: the one table that Biome's overrides, the test of the
// layer rules and the table in ARCHITECTURE.md are made of.

/**
 * @typedef {object} Room
 * @property {string} name Folder or file below src/.
 * @property {string} holds What a reader finds there.
 * @property {string} why What the room may not do, as the linter says it.
 * @property {readonly string[]} imports Other rooms (`io`), or single files of them (`metrics/ids`).
 * @property {readonly string[]} [packages] Groups of `PACKAGES` that live here.
 * @property {readonly string[]} [never] Globs of specifiers that it may not import whatever else is said.
 */

/** @type {readonly Room[]} */
export const ROOMS = [
  {
    name: 'errors.ts',
    holds: 'tagged errors with codes, each of a kind that decides the exit code',
    why: 'errors.ts imports nothing of the house.',
    imports: [],
  },
  {
    name: 'kernels',
    holds: 'the hot loops behind one interface: `serial/`, `wasm/`, `assembly/`',
    why: 'kernels/ is the bottom: hot loops over typed arrays.',
    imports: [],
  },
  {
    name: 'numerics',
    holds: 'checked embeddings, shared intermediates, special functions',
    why: 'numerics/ is arithmetic: it neither reads, prints nor exits.',
    imports: [
      ...['kernels/arrays', 'kernels/choose-kernels', 'kernels/constants', 'kernels/kernels'],
      ...['kernels/normals', 'kernels/philox'],
    ],
  },
  {
    name: 'metrics',
    holds: 'the registry; `reported/` has one file a metric, with its metadata',
    why: 'Metrics never see files.',
    imports: ['numerics'],
  },
  {
    name: 'rules',
    holds: 'rules over the series of steps: `language/`, `series/`, `presets/`, `diagnosis/`',
    why: 'Rules see values and steps, never matrices.',
    imports: ['metrics/ids'],
  },
  {
    name: 'monitor',
    holds: 'the reference system as a library',
    why: 'monitor/ knows no files.',
    imports: ['rules', 'metrics', 'numerics'],
  },
  {
    name: 'exit-code.ts',
    holds: 'report → exit code',
    why: 'The exit code is a function of the report alone.',
    imports: [],
  },
  {
    name: 'report',
    holds: 'the versioned report and record, their schemas',
    why: 'The report is plain data.',
    imports: ['exit-code', 'metrics/ids', 'rules/language/rule'],
  },
  {
    name: 'normal',
    holds:
      "a recipe's own normal: healthy runs as curves, how far a further one may leave them, two runs side by side",
    why: 'normal/ is arithmetic over the curves of runs: it reads no file.',
    imports: ['metrics', 'report/normal', 'report/record'],
  },
  {
    name: 'reporters',
    holds: 'report → text: `view/` is what all ask, then a folder a kind of output',
    why: 'Reporters are functions of the report: they see its types only.',
    imports: [
      'report/types',
      'report/record',
      'report/metric-facts',
      'report/examination',
      'report/explanation',
      'report/normal',
      'rules/language/comparison',
    ],
    packages: ['terminal'],
  },
  {
    name: 'io',
    holds: 'byte sources, directories, atomic writes, locks: the only `node:fs`',
    why: 'io/ is the boundary to the file system: it knows nothing of what is in a file.',
    imports: [],
    packages: ['files'],
  },
  {
    name: 'formats',
    holds: 'bytes → matrices; a registry by magic bytes, a folder a format, `shared/`, `codecs/`',
    why: 'Formats turn bytes into matrices: they know no file system and no roles.',
    imports: [
      'io/byte-source',
      'io/memory-source',
      'io/memory-pressure',
      'numerics/matrix/matrix',
      'numerics/floating/half',
      'report/own-document',
    ],
    packages: ['file libraries'],
  },
  {
    name: 'discovery',
    holds: 'paths → steps and roles, over a file tree that is passed in; `discover.ts` states the stages',
    why: 'Discovery gives names to paths; the file tree is passed in.',
    imports: [
      'formats/shared/define-format',
      'formats/shared/element-refusal',
      'formats/shared/conversion-line',
      'io/directories',
      'io/linked-ways',
    ],
  },
  {
    name: 'plan.ts',
    holds: 'what the flags ask for, as types: how to measure, how to judge, what to write',
    why: 'The plan is plain data, which measure/ and judge/ read and options/ makes.',
    imports: [
      'exit-code',
      'discovery/paths/request',
      'formats/shared/define-format',
      'metrics/ids',
      'numerics/random/pair-sampling',
      'report/normal',
      'reporters/index',
      'rules/language/rule',
      'rules/presets/presets',
      'rules/presets/rfc-0005',
    ],
  },
  {
    name: 'measure',
    holds: 'steps → records; `load/` brings a step from its files into memory',
    why: 'measure/ knows no rules, flags or reporters.',
    imports: ['plan', 'discovery', 'formats', 'io', 'metrics', 'numerics', 'report'],
  },
  {
    name: 'inspect',
    holds: 'what is in a file, by its headers',
    why: 'inspect/ knows no rules, flags or reporters.',
    imports: ['discovery', 'formats', 'io', 'numerics', 'report'],
  },
  {
    name: 'judge',
    holds: 'records → report; `state/` is what `--state` keeps',
    why: 'judge/ sees records, never arrays or files of embeddings.',
    imports: [
      'plan',
      'rules',
      'metrics',
      'normal',
      'numerics/gaussian/kl-null',
      'io',
      'report',
      'discovery/names/tree-path',
    ],
  },
  {
    name: 'library',
    holds: 'batches in memory → records → a verdict, for whoever has no files',
    why: 'library/ works in a browser: it touches no files and imports nothing of Node.',
    imports: [
      'judge/by-reference',
      'judge/gate',
      'judge/reference-judge',
      'measure/measure-horizons',
      'measure/load/horizon-axis',
      'measure/load/place-rows',
      'monitor',
      'metrics',
      'rules',
      'normal/reference-runs',
      'numerics',
      'report/normal',
    ],
    never: ['node:*'],
  },
  {
    name: 'index.ts',
    holds: 'the library: what each of these rooms exports',
    why: 'The library touches neither files nor the terminal.',
    imports: ['library', 'monitor', 'metrics', 'rules', 'normal', 'numerics'],
    never: ['node:*'],
  },
  {
    name: 'options',
    holds: 'the tables of commands and flags; `parse/`, `config/`, and `plan/`, which makes the plan of both',
    why: 'Options are validated before a byte of data is read.',
    imports: ['plan', 'metrics', 'rules', 'reporters/index'],
    packages: ['commander'],
  },
  {
    name: 'commands',
    holds: 'one file a subcommand: the plan of its flags → measure, judge → reporters; `input/`, `output/`',
    why: 'A command ties rooms together: it reads no matrix and no bytes itself.',
    imports: [
      'exit-code',
      'plan',
      'options',
      'measure',
      'inspect',
      'judge',
      'io',
      'report',
      'reporters',
      'metrics',
      'normal',
      'rules',
      'discovery/names/step-ref',
    ],
  },
  {
    name: 'cli.ts',
    holds: '`main(context) → exit code`; every error becomes a code here',
    why: 'cli.ts maps argv to a command and every error to a code; the work is in commands/.',
    imports: ['commands', 'options'],
    packages: ['commander'],
  },
];

/** Packages that live in some rooms only. */
export const PACKAGES = {
  files: {
    names: ['node:fs', 'node:fs/*', 'fs', 'fs/*'],
    why: "All node:fs lives in io/: go through a ByteSource or io/'s functions.",
  },
  'file libraries': {
    names: ['apache-arrow', 'apache-arrow/*', 'npyjs'],
    why: 'File libraries live in formats/.',
  },
  terminal: { names: ['chalk', 'cli-table3'], why: 'chalk and cli-table3 live only in reporters/.' },
  commander: { names: ['commander'], why: 'commander lives in cli.ts and options/.' },
};

const GLOBALS = {
  process: 'Only cli.ts and bin/ know the process: take what you need as an argument.',
  console: 'Nothing below main prints: return the text.',
};

const isFile = (name) => name.endsWith('.ts');
const withoutEnd = (name) => name.replace(/\.ts$/, '');

/** Import specifiers of a room or of one file, as globs. */
function specifiersOf(target, roots) {
  if (roots.has(target)) return [`#${target}.js`];
  return target.includes('/') ? [`#${target}.js`] : [`#${target}`, `#${target}/**`];
}

/** Biome's overrides: one a room. */
function layerOverrides() {
  const files = new Set(ROOMS.filter(({ name }) => isFile(name)).map(({ name }) => withoutEnd(name)));
  const folders = ROOMS.filter(({ name }) => !isFile(name)).map(({ name }) => name);
  const leaving = [
    ...folders.map((name) => `../**/${name}/**`),
    // Rooms have an index.js of their own.
    ...[...files].filter((name) => name !== 'index').map((name) => `../**/${name}.js`),
  ];
  const imports = ROOMS.map((room) => {
    const allowed = room.name === 'errors.ts' ? [] : ['errors', ...room.imports];
    const open = allowed.flatMap((target) => specifiersOf(target, files));
    const message = `${room.why} It may import ${list(allowed.map((target) => (folders.includes(target) ? `${target}/` : `${target}.ts`)))}.`;
    const patterns = isFile(room.name)
      ? [
          {
            group: [
              '#*',
              '#*/**',
              './*/**',
              ...siblings(files),
              ...negated([...open, ...open.map(relative)]),
            ],
            message,
          },
        ]
      : [
          { group: ['#*', '#*/**', ...negated(open)], message },
          { group: leaving, message: 'Between rooms, import by #room/file.js.' },
        ];
    if (room.never) patterns.push({ group: room.never, message: room.why });
    for (const [name, { names, why }] of Object.entries(PACKAGES)) {
      if (!room.packages?.includes(name)) patterns.push({ group: names, message: why });
    }
    return {
      includes: [isFile(room.name) ? `src/${room.name}` : `src/${room.name}/**`],
      linter: {
        rules: {
          style: {
            noRestrictedImports: { level: 'error', options: { patterns } },
          },
        },
      },
    };
  });
  return [...imports, globals];
}

/** No room knows the process or prints. */
const globals = {
  includes: ['src/**', '!src/cli.ts', '!src/kernels/assembly/**'],
  linter: {
    rules: { style: { noRestrictedGlobals: { level: 'error', options: { deniedGlobals: GLOBALS } } } },
  },
};

const siblings = (files) => [...files].map((name) => `./${name}.js`);
const negated = (globs) => globs.map((glob) => `!${glob}`);
const relative = (specifier) => `./${specifier.slice(1)}`;
const list = (names) =>
  names.length === 0
    ? 'nothing of the house'
    : names.length === 1
      ? names[0]
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** The text of biome.json with this table's overrides in place of those it has. */
export function withLayerRules(text) {
  const config = JSON.parse(text);
  const own = config.overrides.filter(
    ({ linter: { rules } }) => !rules.style.noRestrictedImports && !rules.style.noRestrictedGlobals,
  );
  return `${JSON.stringify({ ...config, overrides: [...layerOverrides(), ...own] }, null, 2)}\n`;
}

/** The rooms as a markdown table, the top floor first. */
function roomsTable() {
  const cell = (text) => text.replaceAll('|', '\\|');
  const rows = ROOMS.toReversed().map(({ name, holds, imports }) => [
    isFile(name) ? `\`src/${name}\`` : `\`src/${name}/\``,
    cell(holds),
    imports.map((target) => `\`${target}\``).join(', ') || 'nothing',
  ]);
  const head = ['room', 'holds', 'may import (and errors.ts)'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

/** The text of ARCHITECTURE.md with this table between its markers. */
export function withRoomsTable(text) {
  return text.replace(
    /(<!-- rooms -->\n)[\s\S]*?(<!-- \/rooms -->)/,
    (_, open, close) => `${open}\n${roomsTable()}\n\n${close}`,
  );
}
