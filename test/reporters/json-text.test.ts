import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText } from '#reporters/machine/json-text.js';

it('is the same value to a parser, and lets nothing through that acts on a terminal', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('\u009b', '\u202e', '\u2028', '\u007f', '\u2066', '\\', '"', 'a', '\u001b'),
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text)), (value) => {
      const json = jsonText(value, 2);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(json).not.toMatch(/(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    }),
  );
});
