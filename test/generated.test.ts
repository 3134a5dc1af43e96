import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiPage } from '../scripts/generate/api-page.js';
import { jsonSchemas } from '../scripts/generate/json-schemas.js';
import { withLayerRules, withRoomsTable } from '../scripts/generate/layers.mjs';
import { withNamingTables } from '../scripts/generate/naming-tables.js';
import { REFERENCE_PAGES, withFreshTables } from '../scripts/generate/reference-tables.js';
import * as library from '../src/index.js';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it.each(Object.entries(jsonSchemas()))('schema/%s is what `npm run generate` makes', (name, text) => {
  expect(read(`schema/${name}`)).toBe(text);
});

it.each(Object.keys(REFERENCE_PAGES))('the tables in %s are what `npm run generate` makes', (page) => {
  expect(read(page)).toBe(withFreshTables(page, read(page)));
});

it('docs/api.md is what `npm run generate` makes, with every export and no body', () => {
  const page = read('docs/api.md');
  expect(page).toBe(apiPage());
  for (const name of Object.keys(library)) expect(page).toContain(`### ${name}\n`);
  expect(page).toContain('get initialPairwisePredDistMean(): number | null;');
  expect(page).not.toMatch(/^ +return |#\w+[;:]/m);
});

it('the tables of the reference hold what they are of', () => {
  expect(read('docs/flags.md')).toContain('| `--kl-reg-max <x>` |');
  expect(read('docs/metrics.md')).toContain('| `target_effective_rank` | default |');
  expect(read('docs/errors.md')).toContain('| E205 | 3 |');
  expect(read('docs/rules.md')).toContain('| jepa | `jepa.target_rank_low` |');
});

it('the tables in docs/naming.md are what `npm run generate` makes', () => {
  expect(read('docs/naming.md')).toBe(withNamingTables(read('docs/naming.md')));
  expect(read('docs/naming.md')).toContain('`snapshot`');
});

it('the table of rooms in ARCHITECTURE.md and the layer rules in biome.json are what `npm run generate` makes', () => {
  expect(read('ARCHITECTURE.md')).toBe(withRoomsTable(read('ARCHITECTURE.md')));
  expect(read('ARCHITECTURE.md')).toContain('| `src/kernels/`');
  expect(JSON.parse(read('biome.json'))).toEqual(JSON.parse(withLayerRules(read('biome.json'))));
});
