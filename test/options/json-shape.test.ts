import { expect, it } from 'vitest';
import { jsonShapeOf } from '#options/config/json-shape.js';
import { FLAGS, type Flag } from '#options/flags.js';

it('a number on the command line is a number in a configuration', () => {
  for (const flag of Object.values<Flag<unknown>>(FLAGS)) {
    if (!/<(x|n|step|columns)>/.test(flag.syntax)) continue;
    expect([flag.syntax, jsonShapeOf(flag).type[0]]).toEqual([
      flag.syntax,
      expect.stringMatching(/number|integer/),
    ]);
  }
});
