import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { executable } from '../support/collapse.js';
import { sharedFolder } from '../support/run-folder.js';
import { FIXTURES } from './fixture-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const folder = sharedFolder();
const tracer = join(folder, 'tracer.cjs');

/** What each loader's chunk holds, and no other: names out of its own code. */
const MARKS = {
  arrow: 'function openArrow(',
  npz: 'function openNpz(',
  safetensors: 'function openSafetensors(',
  parquet: 'function openParquet(',
  zstd: 'ZSTD_decompress',
} as const;

beforeAll(() => {
  writeFileSync(
    tracer,
    `process.on('exit', () => {
       const files = Object.keys(require.cache).filter((path) => path.startsWith(process.env.DIST));
       require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify({ files, builtin: process.moduleLoadList }));
     });`,
  );
});

interface Loaded {
  /** Paths in dist/ without the hash of the content: 'cli.cjs', 'chunks/check.cjs'. */
  readonly names: readonly string[];
  readonly code: readonly string[];
  /** Node's own modules. */
  readonly builtin: readonly string[];
}

async function loadedBy(args: string[]): Promise<Loaded> {
  const list = join(folder, 'loaded.json');
  rmSync(list, { force: true });
  const env = { LOADED: list, DIST: dist, GITHUB_ACTIONS: '' };
  const { code, stderr } = await executable(args, { env, node: ['--require', tracer] });
  expect(code, stderr).toBe(0);
  const { files, builtin } = JSON.parse(readFileSync(list, 'utf8')) as { files: string[]; builtin: string[] };
  return {
    names: files.map((path) => relative(dist, path).replace(/-[\w-]{8}\.cjs$/, '.cjs')).sort(),
    code: files.map((path) => readFileSync(path, 'utf8')),
    builtin: builtin.map((name) => name.replace(/^NativeModule /, '')),
  };
}

function loadersIn({ code }: Loaded): string[] {
  return Object.entries(MARKS).flatMap(([name, mark]) =>
    code.some((text) => text.includes(mark)) ? [name] : [],
  );
}

// The executable must have been built: `npm test` builds it first.
describe.skipIf(!existsSync(join(root, 'dist/cli.cjs')))('code that `collapse check` loads', () => {
  it('every mark is in the build', () => {
    const code = readdirSync(join(root, 'dist/chunks')).map((name) =>
      readFileSync(join(root, 'dist/chunks', name), 'utf8'),
    );
    for (const mark of Object.values(MARKS))
      expect(code.filter((text) => text.includes(mark))).toHaveLength(1);
  });

  // Whoever adds to this list adds to the time that every check takes to start.
  it('for .npy files: these files and no others', async () => {
    const loaded = await loadedBy(['check', join(FIXTURES, 'golden/equal'), '--json']);
    expect(loaded.names).toEqual([
      'chunks/base.cjs',
      'chunks/check.cjs',
      'chunks/json.cjs',
      'chunks/measure.cjs',
      'chunks/rolldown-runtime.cjs',
      'cli.cjs',
    ]);
    expect(loadersIn(loaded)).toEqual([]);
    expect(loaded.code.join('').length).toBeLessThan(460_000);
  });

  it('for .npy files, with a table: what draws it as well', async () => {
    const { names } = await loadedBy(['check', join(FIXTURES, 'golden/equal')]);
    expect(names).toEqual([
      'chunks/base.cjs',
      'chunks/check.cjs',
      'chunks/measure.cjs',
      'chunks/paint.cjs',
      'chunks/rolldown-runtime.cjs',
      'chunks/table.cjs',
      'chunks/text.cjs',
      'cli.cjs',
    ]);
  });

  it('for --help: the command line alone', async () => {
    const { names } = await loadedBy(['check', '--help']);
    expect(names).toEqual([
      'chunks/base.cjs',
      'chunks/command-line.cjs',
      'chunks/rolldown-runtime.cjs',
      'cli.cjs',
    ]);
  });

  it('of Node: nothing that opens sockets, starts processes or hashes', async () => {
    const { builtin } = await loadedBy(['check', join(FIXTURES, 'golden/equal'), '--json']);
    expect(builtin).toContain('fs');
    expect(builtin.filter((name) => ['child_process', 'crypto', 'http', 'zlib'].includes(name))).toEqual([]);
  });

  it.each([
    ['arrow', 'formats/arrow/pyarrow.fsl.f32.plain.file.arrow'],
    ['npz', 'formats/npz/numpy.stored.npz'],
    ['safetensors', 'formats/safetensors/safetensors.f32.safetensors'],
    ['parquet', 'formats/parquet/rs.snappy.parquet'],
  ])('for %s files: that loader and no other', async (name, path) => {
    expect(loadersIn(await loadedBy(['check', join(FIXTURES, path)]))).toEqual([name]);
  });
});
