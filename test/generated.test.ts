import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../scripts/generate/json-schemas.js';
import { withLayerRules, withRoomsTable } from '../scripts/generate/layers.mjs';
import { withNamingTables } from '../scripts/generate/naming-tables.js';
import { withFreshTables } from '../scripts/generate/readme-tables.js';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it.each(Object.entries(jsonSchemas()))('schema/%s is what `npm run generate` makes', (name, text) => {
  expect(read(`schema/${name}`)).toBe(text);
});

it('the tables in README.md are what `npm run generate` makes', () => {
  expect(read('README.md')).toBe(withFreshTables(read('README.md')));
  expect(read('README.md')).toContain('`--kl-reg-max <x>`');
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
