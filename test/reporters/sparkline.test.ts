import { array, assert, boolean, constant, double, integer, oneof, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '#reporters/view/sparkline.js';

describe('sparkline', () => {
  it.each([
    ['rising', [1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█', '_.:-=+*#'],
    ['level', [3, 3, 3], '▅▅▅', '==='],
    ['with a gap', [0, null, 1], '▁ █', '_ #'],
    ['of the whole range of float64', [-Number.MAX_VALUE, 0, Number.MAX_VALUE], '▁▅█', '_=#'],
    ['without a value', [null, null], '  ', '  '],
    ['of nothing', [], '', ''],
  ])('%s', (_, values, unicode, ascii) => {
    expect(sparkline(values, 10, false)).toBe(unicode);
    expect(sparkline(values, 10, true)).toBe(ascii);
  });

  it('keeps a single spike among thousands of steps, and its place', () => {
    const values = Array.from({ length: 5000 }, (_, i) => (i === 2600 ? 9 : 1));
    expect(sparkline(values, 10, false)).toBe('▁▁▁▁▁█▁▁▁▁');
  });

  it('is never longer than the width or the steps, and fills what it has', () => {
    const value = oneof(constant(null), double({ noNaN: true, noDefaultInfinity: true }));
    const check = (values: (number | null)[], width: number, ascii: boolean) => {
      const line = sparkline(values, width, ascii);
      const even = width - (width % 2);
      expect(line.length).toBe(values.length <= width ? values.length : even);
      expect(line).toMatch(ascii ? /^[ _.:\-=+*#]*$/ : /^[ ▁-█]*$/);
    };
    assert(property(array(value, { maxLength: 200 }), integer({ min: 6, max: 40 }), boolean(), check));
  });
});
