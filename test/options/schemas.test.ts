import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../../scripts/json-schemas.js';
import { FLAGS, type Flag } from '../../src/options/flags.js';
import { jsonShapeOf } from '../../src/options/json-shape.js';

it.each(Object.entries(jsonSchemas()))('schema/%s is what `npm run schema` writes', (name, text) => {
  expect(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8')).toBe(text);
});

it('a number on the command line is a number in a configuration', () => {
  for (const flag of Object.values<Flag<unknown>>(FLAGS)) {
    if (!/<(x|n|step|columns)>/.test(flag.syntax)) continue;
    expect([flag.syntax, jsonShapeOf(flag).type[0]]).toEqual([
      flag.syntax,
      expect.stringMatching(/number|integer/),
    ]);
  }
});
