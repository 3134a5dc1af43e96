import { Chalk } from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { fold } from '#reporters/terminal/fold.js';
import { formatNumber } from '#reporters/view/format-number.js';
import { printable } from '#reporters/view/printable.js';
import { sparkline } from '#reporters/view/sparkline.js';

const paint = new Chalk({ level: 1 });
const ESCAPE = '\u001b';
const COLOR_CODE = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

describe('fold', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 90 }),
    fc.constantFrom('日本語', '👩🏽‍🚀', 'e\u0301'),
  );
  it('keeps painted text within the width and loses nothing of it', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 20, max: 80 }), (words, width) => {
        const plain = words.map((text) => printable(text)).join(' ');
        const folded = fold(`${paint.red.bold(plain)} end`, width, '  ');
        for (const line of folded.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        const bare = (text: string) => text.replace(COLOR_CODE, '').replace(/\s/g, '');
        expect(bare(folded)).toBe(bare(`${plain}end`));
      }),
    );
  });

  it('cuts the middle out of a word that nobody reads', () => {
    const folded = fold('x'.repeat(1e6), 80, '  ');
    expect(folded.length).toBeLessThan(2200);
    expect(folded.replace(/\s+/g, '')).toContain('[…998000characters…]');
  });

  it('does not fold a painted line that fits', () => {
    const line = `${paint.green.bold('ok')} ${'x'.repeat(17)}`;
    expect(fold(line, 20, '  ')).toBe(line);
  });

  it('begins with the lead', () => {
    expect(fold('aa bb cc', 7, '    ', '  ')).toBe('  aa bb\n    cc');
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1 / 3, '0.3333'],
    [1234.5678, '1235'],
    [12345.678, '12346'],
    [0.00012346, '0.0001235'],
    [0.000012346, '1.235e-5'],
    [1e7, '1e7'],
    [-123456789, '-1.235e8'],
    [5e-324, '4.941e-324'],
    [1.7976931348623157e308, '1.798e308'],
  ])('of %d is %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });

  it('is never far from the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        expect(Math.abs(Number(formatNumber(value)) - value)).toBeLessThanOrEqual(
          Math.abs(value) * 5.1e-4 + 5e-324,
        );
      }),
    );
  });
});

describe('sparkline', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
    [[1, null, 8], 8, '▁ █'],
    [[3, 3, 3], 8, '▅▅▅'],
    [[0.1 + 0.2, 0.3], 8, '▅▅'],
    [[null, null], 8, '  '],
    [[-1.7e308, 1.7e308], 8, '▁█'],
    [[], 8, ''],
  ])('of %j is %j', (values, width, expected) => {
    expect(sparkline(values, width, false)).toBe(expected);
  });

  it('keeps a single peak of a long series', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 640 ? 9 : 1));
    expect(sparkline(values, 20, true)).toMatch(/^_*#_*$/);
  });

  it('draws to a scale of others', () => {
    expect(sparkline([4, 8], 8, false, { min: 0, max: 8 })).toBe('▅█');
  });
});

describe('an error block', () => {
  it('says what, where and what next', () => {
    const error = { code: 'E203', message: 'cut', path: 'a.npy', step: 5, hint: 'write again' } as const;
    expect(formatError(error, { color: false })).toBe(
      'error[E203] cut\n  --> a.npy (step 5)\n  help: write again\n',
    );
    expect(formatError(error, { color: true })).toContain('\u001b[31m');
    expect(formatWarning({ message: 'late', run: 'r' }, { color: false })).toBe('warning: late\n  --> r\n');
  });
});
