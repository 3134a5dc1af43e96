import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../../scripts/generate/json-schemas.js';

it('the published schemas are what `npm run schema` makes of their source', () => {
  const published = readdirSync('schema').map((name) => [name, readFileSync(join('schema', name), 'utf8')]);
  expect(Object.fromEntries(published)).toEqual(jsonSchemas());
});
