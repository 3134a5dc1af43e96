import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

it('loads the schema validator only where something is parsed', () => {
  // The schemas themselves load it; who loads a schema does so with import().
  const eager =
    /^(import|export) (?!type\b)[^;]*? from '(zod|#report\/[a-z-]*schema\.js|\.\/(inspection-|config-)?schema\.js)'/m;
  const loading = sources
    .filter((name) => !name.startsWith('formats'))
    .filter((name) => eager.test(readFileSync(join(SRC, name), 'utf8')));
  expect(loading.filter((name) => !/schema\.ts$/.test(name))).toEqual([]);
  expect(loading).toContain(join('report', 'schema.ts'));
});
