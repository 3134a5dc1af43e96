import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');

/** What each room may import, and one thing of every kind that it may not. */
const ROOMS: Record<string, { allowed: string[]; forbidden: string[] }> = {
  kernels: { allowed: ['./serial.js', '../errors.js'], forbidden: ['../core/matrix.js', 'node:fs'] },
  core: {
    allowed: ['../kernels/serial.js'],
    forbidden: ['../metrics/index.js', '../formats/npy.js', 'node:fs'],
  },
  metrics: {
    allowed: ['../core/batch.js'],
    forbidden: ['../io/node-file.js', '../rules/series.js', 'chalk'],
  },
  rules: {
    allowed: ['../metrics/ids.js'],
    forbidden: ['../core/matrix.js', '../metrics/index.js', 'node:fs'],
  },
  monitor: {
    allowed: ['../rules/series.js', '../metrics/index.js', '../core/batch.js'],
    forbidden: ['../pipeline/gate.js', '../formats/npy.js', 'node:fs'],
  },
  io: { allowed: ['node:fs', '../errors.js'], forbidden: ['../formats/npy.js', '../core/matrix.js'] },
  formats: {
    allowed: ['../core/matrix.js', '../core/half.js', '../io/byte-source.js', 'apache-arrow', 'npyjs'],
    forbidden: ['../core/batch.js', '../io/node-file.js', '../discovery/step-ref.js', 'node:fs'],
  },
  discovery: {
    allowed: ['../formats/define-format.js'],
    forbidden: ['../formats/index.js', '../io/node-file.js', 'node:fs'],
  },
  report: { allowed: ['../metrics/ids.js'], forbidden: ['../pipeline/gate.js', '../core/batch.js', 'chalk'] },
  reporters: {
    allowed: ['../report/types.js', 'chalk', 'cli-table3'],
    forbidden: ['../pipeline/gate.js', '../metrics/index.js', 'node:fs'],
  },
  options: {
    allowed: ['../metrics/ids.js', 'commander'],
    forbidden: ['../pipeline/gate.js', 'node:fs', 'chalk'],
  },
  pipeline: {
    allowed: [
      '../discovery/step-ref.js',
      '../formats/index.js',
      '../io/node-file.js',
      '../monitor/monitor.js',
    ],
    forbidden: ['../commands/check.js', '../options/flags.js', '../reporters/index.js', 'node:fs'],
  },
  commands: {
    allowed: ['../pipeline/gate.js', '../options/flags.js', '../reporters/index.js', '../io/atomic-write.js'],
    forbidden: ['../core/batch.js', '../formats/index.js', '../discovery/step-ref.js', 'node:fs', 'chalk'],
  },
};

type Probe = { file: string; text: string };

const forbidden = Object.entries(ROOMS).flatMap(([room, rule]) =>
  rule.forbidden.map((from) => ({ room, from })),
);
const probeOf = (from: string) => `import * as probe from '${from}';\nexport { probe };\n`;

const probes: Probe[] = [
  ...forbidden.map(({ room, from }, i) => ({ file: `src/${room}/forbidden-${i}.ts`, text: probeOf(from) })),
  ...Object.entries(ROOMS).flatMap(([room, { allowed }]) => [
    ...allowed.map((from, i) => ({ file: `src/${room}/allowed-${i}.ts`, text: probeOf(from) })),
    { file: `src/${room}/exits.ts`, text: 'process.exit(1);\n' },
    { file: `src/${room}/prints.ts`, text: "console.log('x');\n" },
  ]),
];

/** The rules that Biome reports for each probe, in one run over a folder of them. */
function lint(): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const { file, text } of probes) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    cpSync('biome.json', join(folder, 'biome.json'));
    const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout } = spawnSync(process.execPath, [biome, ...args], { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { path: string | { file: string } } }[];
    };
    const found = new Map<string, Set<string>>();
    for (const { category, location } of diagnostics) {
      const path = typeof location.path === 'string' ? location.path : location.path.file;
      const rule = category.split('/').at(-1) ?? '';
      found.set(path, (found.get(path) ?? new Set()).add(rule));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the layer rules', () => {
  let found: Map<string, Set<string>>;
  beforeAll(() => {
    found = lint();
  });
  const rulesOn = (file: string) => [...(found.get(file) ?? [])];

  it('name every room', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it.each(Object.entries(ROOMS))('%s may import what is below it', (room, { allowed }) => {
    for (const i of allowed.keys()) {
      expect(rulesOn(`src/${room}/allowed-${i}.ts`)).not.toContain('noRestrictedImports');
    }
  });

  it.each(forbidden.map(({ room, from }, i) => [room, from, i] as const))(
    '%s may not import %s',
    (room, _, i) => {
      expect(rulesOn(`src/${room}/forbidden-${i}.ts`)).toContain('noRestrictedImports');
    },
  );

  it.each(Object.keys(ROOMS))('%s neither knows the process nor prints', (room) => {
    expect(rulesOn(`src/${room}/exits.ts`)).toContain('noRestrictedGlobals');
    expect(rulesOn(`src/${room}/prints.ts`)).toContain('noRestrictedGlobals');
  });
});
