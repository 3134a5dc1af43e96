// Writes schema/*.json from src/report/schema.ts and the table of flags. Bundled first, so that every supported Node can run it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/schemas-');
try {
  const bundle = await rolldown({
    input: 'scripts/json-schemas.ts',
    platform: 'node',
    external: ['zod', 'chalk', 'cli-table3'],
  });
  await bundle.write({ file: join(folder, 'json-schemas.mjs'), format: 'esm', codeSplitting: false });
  await bundle.close();
  const { jsonSchemas } = await import(pathToFileURL(join(folder, 'json-schemas.mjs')).href);
  mkdirSync('schema', { recursive: true });
  for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join('schema', name), text);
} finally {
  rmSync(folder, { recursive: true });
}
