import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

it('loads the schema validator only where a record is parsed', () => {
  const eager = /^(import|export) (?!type\b)[^;]*? from '(zod|[^']*\/schema\.js)'/m;
  const loading = sources.filter((name) => eager.test(readFileSync(join(SRC, name), 'utf8')));
  expect(loading).toEqual([join('report', 'schema.ts')]);
});
