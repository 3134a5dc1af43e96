// Writes what is made from the sources: schema/*.json, and the tables in README.md. Bundled first, so that every
// supported Node can run it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/generate-');
try {
  const bundle = await rolldown({
    input: ['scripts/json-schemas.ts', 'scripts/readme-tables.ts'],
    platform: 'node',
    external: ['zod', 'chalk', 'cli-table3'],
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  const load = (name) => import(pathToFileURL(join(folder, name)).href);
  const { jsonSchemas } = await load('json-schemas.mjs');
  mkdirSync('schema', { recursive: true });
  for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join('schema', name), text);
  const { withFreshTables } = await load('readme-tables.mjs');
  writeFileSync('README.md', withFreshTables(readFileSync('README.md', 'utf8')));
} finally {
  rmSync(folder, { recursive: true });
}
