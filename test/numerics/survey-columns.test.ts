import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { COLUMN_SUMS } from '#numerics/matrix/survey.js';

it('is the smallest and largest value of each column, of 0 and -0 the first', () => {
  const size = fc.integer({ min: 1, max: 11 });
  const value = fc.constantFrom(0, -0, 1, -1, 1e308, -1e308, 5e-324, 0.5);
  fc.assert(
    fc.property(size, size, fc.infiniteStream(value), fc.boolean(), (rows, cols, values, wide) => {
      const numbers = Array.from({ length: rows * cols }, () => values.next().value);
      const data = wide ? Float64Array.from(numbers) : Float32Array.from(numbers.map(Math.sign));
      const { min, max } = new MatrixInMemory('prediction', { data, rows, cols }).get(COLUMN_SUMS);
      for (let j = 0; j < cols; j++) {
        const column = [...data].filter((_, k) => k % cols === j);
        expect(min[j]).toBe(column.reduce((least, x) => (x < least ? x : least)));
        expect(max[j]).toBe(column.reduce((most, x) => (x > most ? x : most)));
      }
    }),
  );
});
