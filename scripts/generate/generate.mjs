// Writes what is made from the sources: schema/*.json, docs/api.md, the tables in docs/ and ARCHITECTURE.md, and the layer rules in biome.json. What is TypeScript is bundled first, so that every supported Node can run it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSources } from '../build/sources.mjs';
import { withLayerRules, withRoomsTable } from './layers.mjs';

mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/generate-');
try {
  await bundleSources(
    ['json-schemas', 'reference-tables', 'naming-tables', 'api-page'].map(
      (name) => `scripts/generate/${name}.ts`,
    ),
    { dir: folder, entryFileNames: '[name].mjs' },
    { external: ['zod', 'chalk', 'cli-table3', 'rolldown/utils'] },
  );
  const load = (name) => import(pathToFileURL(join(folder, name)).href);
  const { jsonSchemas } = await load('json-schemas.mjs');
  mkdirSync('schema', { recursive: true });
  for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join('schema', name), text);
  const { REFERENCE_PAGES, withFreshTables } = await load('reference-tables.mjs');
  for (const page of Object.keys(REFERENCE_PAGES)) {
    writeFileSync(page, withFreshTables(page, readFileSync(page, 'utf8')));
  }
  const { apiPage } = await load('api-page.mjs');
  writeFileSync('docs/api.md', apiPage());
  const { withNamingTables } = await load('naming-tables.mjs');
  writeFileSync('docs/naming.md', withNamingTables(readFileSync('docs/naming.md', 'utf8')));
  writeFileSync('ARCHITECTURE.md', withRoomsTable(readFileSync('ARCHITECTURE.md', 'utf8')));
  writeFileSync('biome.json', withLayerRules(readFileSync('biome.json', 'utf8')));
} finally {
  rmSync(folder, { recursive: true });
}
