import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../scripts/json-schemas.js';
import { withFreshTables } from '../scripts/readme-tables.js';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it.each(Object.entries(jsonSchemas()))('schema/%s is what `npm run generate` makes', (name, text) => {
  expect(read(`schema/${name}`)).toBe(text);
});

it('the tables in README.md are what `npm run generate` makes', () => {
  expect(read('README.md')).toBe(withFreshTables(read('README.md')));
  expect(read('README.md')).toContain('`--kl-reg-max <x>`');
});
