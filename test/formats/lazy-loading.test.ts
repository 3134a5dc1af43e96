import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES } from './fixture-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
const hook = join(folder, 'hook.mjs');
const tracer = join(folder, 'tracer.mjs');

/** What each loader's chunk holds, and no other: names out of its own code. */
const MARKS = {
  arrow: 'function openArrow(',
  npz: 'function openNpz(',
  safetensors: 'function openSafetensors(',
  parquet: 'function openParquet(',
  zstd: 'ZSTD_decompress',
} as const;

beforeAll(() => {
  // Module hooks run on a thread of their own; what is loaded is written to a file as it goes by.
  writeFileSync(
    hook,
    `import { appendFileSync } from 'node:fs';
     export async function load(url, context, next) {
       if (url.startsWith('file:')) appendFileSync(process.env.LOADED, url + '\\n');
       return next(url, context);
     }`,
  );
  writeFileSync(tracer, `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function loadedBy(paths: string[]): string[] {
  const list = join(folder, 'loaded.txt');
  rmSync(list, { force: true });
  execFileSync(process.execPath, ['--import', tracer, join(root, 'bin/collapse.js'), 'check', ...paths], {
    env: { ...process.env, LOADED: list },
    stdio: 'ignore',
  });
  const chunks = readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.includes('/dist/'))
    .map((url) => readFileSync(fileURLToPath(url), 'utf8'));
  expect(chunks.length).toBeGreaterThan(3);
  return Object.entries(MARKS).flatMap(([name, mark]) =>
    chunks.some((code) => code.includes(mark)) ? [name] : [],
  );
}

// The executable must have been built: `npm test` builds it first.
describe.skipIf(!existsSync(join(root, 'dist/cli.js')))('code that `collapse check` loads', () => {
  it('every mark is in the build', () => {
    const code = readdirSync(join(root, 'dist/chunks')).map((name) =>
      readFileSync(join(root, 'dist/chunks', name), 'utf8'),
    );
    for (const mark of Object.values(MARKS))
      expect(code.filter((text) => text.includes(mark))).toHaveLength(1);
  });

  it('for .npy files: no Arrow, no zip, no Parquet, no decompressor', () => {
    expect(loadedBy([join(FIXTURES, 'golden/equal')])).toEqual([]);
  });

  it.each([
    ['arrow', 'formats/arrow/pyarrow.fsl.f32.plain.file.arrow'],
    ['npz', 'formats/npz/numpy.stored.npz'],
    ['safetensors', 'formats/safetensors/safetensors.f32.safetensors'],
    ['parquet', 'formats/parquet/rs.snappy.parquet'],
  ])('for %s files: that loader and no other', (name, path) => {
    expect(loadedBy([join(FIXTURES, path)])).toEqual([name]);
  });
});
