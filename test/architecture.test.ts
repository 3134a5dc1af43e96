import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PACKAGES, ROOMS } from '../scripts/generate/layers.mjs';

const require = createRequire(import.meta.url);
const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');

const isFile = (name: string) => name.endsWith('.ts');
const nameOf = (name: string) => name.replace(/\.ts$/, '');

type Probe = { room: string; from: string; file: string; allowed: boolean };

/** A file of the room at each depth that imports one thing: every other room, a file of it, and every package. */
const PROBES: Probe[] = ROOMS.flatMap(({ name, imports, packages = [] }) => {
  const reaches = (target: string) =>
    target === 'errors'
      ? name !== 'errors.ts'
      : imports.includes(target) || imports.includes(target.split('/')[0]!);
  const targets = [
    ...ROOMS.filter((other) => other.name !== name).flatMap((other) =>
      isFile(other.name)
        ? [[`#${nameOf(other.name)}.js`, reaches(nameOf(other.name))] as const]
        : [[`#${other.name}/probe/other.js`, reaches(`${other.name}/probe/other`)] as const],
    ),
    ...imports.filter((target) => target.includes('/')).map((target) => [`#${target}.js`, true] as const),
    ...Object.entries(PACKAGES).map(([key, { names }]) => [names[0]!, packages.includes(key)] as const),
    ...(isFile(name)
      ? []
      : ([
          ['../errors.js', false],
          ['../kernels/kernels.js', false],
        ] as const)),
    ...(isFile(name) ? [] : ([['../../io/byte-source.js', false]] as const)),
  ];
  return targets
    .filter(([from]) => from !== `../${name}/kernels.js` && !from.startsWith(`../../${name}/`))
    .filter(([from]) => !(name === 'kernels' && from === '../kernels/kernels.js'))
    .flatMap(([from, allowed], i) =>
      (isFile(name) ? [`src/${name}`] : [`src/${name}/probe-${i}.ts`, `src/${name}/sub/probe-${i}.ts`]).map(
        (file) => ({
          room: name,
          from,
          file: isFile(name) ? `${i}/${file}` : file,
          allowed,
        }),
      ),
    );
});

/** The rules that Biome reports for each file, in one run over a folder of them. */
function lint(): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  const write = (file: string, text: string) => {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const found = new Map<string, Set<string>>();
  const run = (cwd: string, prefix: string) => {
    cpSync('biome.json', join(cwd, 'biome.json'));
    const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout } = spawnSync(process.execPath, [biome, ...args], { cwd, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { path: string | { file: string } } }[];
    };
    for (const { category, location } of diagnostics) {
      const path = prefix + (typeof location.path === 'string' ? location.path : location.path.file);
      const rule = category.split('/').at(-1) ?? '';
      found.set(path, (found.get(path) ?? new Set()).add(rule));
    }
  };
  try {
    const singles = new Map<string, string[]>();
    for (const { file, from } of PROBES) {
      write(file, `import * as probe from '${from}';\nexport { probe };\n`);
      const [index] = file.split('/');
      if (/^\d+$/.test(index!)) singles.set(index!, [...(singles.get(index!) ?? []), file]);
    }
    for (const { name } of ROOMS) {
      if (isFile(name)) continue;
      write(`src/${name}/exits.ts`, 'process.exit(1);\n');
      write(`src/${name}/prints.ts`, "console.log('x');\n");
    }
    // Rooms of one file can hold one probe at a time: each has a tree of its own.
    for (const index of singles.keys()) run(join(folder, index), `${index}/`);
    for (const index of singles.keys()) rmSync(join(folder, index), { recursive: true });
    run(folder, '');
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

  it('name every room, and no room that is not there', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).map(({ name }) => name);
    expect(rooms.sort()).toEqual(ROOMS.map(({ name }) => name).sort());
  });

  it('let imports go down only: each room imports what stands before it', () => {
    const order = ROOMS.map(({ name }) => nameOf(name));
    for (const [floor, { imports }] of ROOMS.entries()) {
      for (const target of imports) expect(order.slice(0, floor)).toContain(target.split('/')[0]);
    }
  });

  it.each(ROOMS.map(({ name }) => name))('hold for what %s imports', (room) => {
    const probes = PROBES.filter((probe) => probe.room === room);
    expect(probes.length).toBeGreaterThan(5);
    for (const { file, from, allowed } of probes) {
      const refused = rulesOn(file).includes('noRestrictedImports');
      expect({ from, file, refused }).toEqual({ from, file, refused: !allowed });
    }
  });

  it.each(ROOMS.map(({ name }) => name).filter((name) => !isFile(name)))(
    'keep the process and the console from %s',
    (room) => {
      expect(rulesOn(`src/${room}/exits.ts`)).toContain('noRestrictedGlobals');
      expect(rulesOn(`src/${room}/prints.ts`)).toContain('noRestrictedGlobals');
    },
  );

  it('name no import that nobody makes', () => {
    const used = new Map<string, string>();
    for (const path of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts')) continue;
      const room = path.split('/')[0]!;
      used.set(room, (used.get(room) ?? '') + readFileSync(join('src', path), 'utf8'));
    }
    for (const { name, imports } of ROOMS) {
      const text = used.get(name) ?? '';
      for (const target of imports) {
        const written = target.includes('/')
          ? [`'#${target}.js'`]
          : [`'#${target}/`, `'#${target}.js'`, `'./${target}/`, `'./${target}.js'`];
        expect({ name, target, used: written.some((from) => text.includes(from)) }).toEqual({
          name,
          target,
          used: true,
        });
      }
    }
  });
});
