import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../tolerances.js';
import { BUILDS } from './builds.js';

/** Around the edges of register tiles and cache blocks, and well past them. */
const EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 35, 36, 63, 64, 65, 96, 97, 129];
const SHAPES = EDGES.flatMap((rows) => [1, 2, 3, 4, 7, 8, 33, 64].map((cols) => [rows, cols] as const));

/** Small integers: every square and product is exact, in whatever order it is summed. */
function integers(rows: number, cols: number): Float64Array {
  let state = rows * 1000 + cols;
  return Float64Array.from({ length: rows * cols }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) - 128;
  });
}

function pairwiseByDefinition(x: Float64Array, rows: number, cols: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      let squared = 0;
      for (let k = 0; k < cols; k++) squared += (x[i * cols + k]! - x[j * cols + k]!) ** 2;
      sum += Math.sqrt(squared);
    }
  }
  return sum;
}

const anyShape = fc.record({ rows: fc.integer({ min: 1, max: 70 }), cols: fc.integer({ min: 1, max: 70 }) });

describe.each(BUILDS)('$name kernels', (kernels) => {
  const { sumPairwiseDistances, gram, gramOfColumns, rowProducts, cholesky, choleskyDiagonal, qrFactor } =
    kernels;

  describe('sumPairwiseDistances', () => {
    it('agrees with the definition around block edges', () => {
      for (const [rows, cols] of SHAPES) {
        const x = integers(rows, cols);
        const expected = pairwiseByDefinition(x, rows, cols);
        expectClose(sumPairwiseDistances(x, rows, cols), expected, 'kernel', `${rows} × ${cols}`);
      }
    });

    it('agrees with the definition on any shape and any doubles', () => {
      const matrix = anyShape.chain(({ rows, cols }) =>
        fc.float64Array({ minLength: 8, maxLength: 8, min: -1e100, max: 1e100, noNaN: true }).map((pool) => ({
          rows,
          cols,
          x: integers(rows, cols).map((r, k) => r * (Math.abs(pool[k % 8]!) < 1e-100 ? 0 : pool[k % 8]!)),
        })),
      );
      fc.assert(
        fc.property(matrix, ({ x, rows, cols }) => {
          expectClose(sumPairwiseDistances(x, rows, cols), pairwiseByDefinition(x, rows, cols), 'kernel');
        }),
      );
    });

    it('is exactly 0 for equal rows', () => {
      for (const [rows, cols] of SHAPES) {
        const x = Float64Array.from({ length: rows * cols }, (_, k) => 0.1 * (1 + (k % cols)));
        expect(sumPairwiseDistances(x, rows, cols), `${rows} × ${cols}`).toBe(0);
      }
    });

    it('sees each pair once: a single row apart counts N − 1 times', () => {
      for (const rows of EDGES.filter((n) => n > 1)) {
        for (const apart of new Set([0, rows >> 1, rows - 1])) {
          const x = new Float64Array(rows * 3);
          x[apart * 3 + 1] = 2;
          expect(sumPairwiseDistances(x, rows, 3), `row ${apart} of ${rows}`).toBe(2 * (rows - 1));
        }
      }
    });
  });

  describe('gram', () => {
    it('is exactly X Xᵀ on integers and leaves the upper triangle alone', () => {
      for (const [rows, cols] of SHAPES) {
        const x = integers(rows, cols);
        const out = new Float64Array(rows * rows).fill(Number.NaN);
        gram(x, rows, cols, out);
        const expected = new Float64Array(rows * rows).fill(Number.NaN);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k < cols; k++) sum += x[i * cols + k]! * x[j * cols + k]!;
            expected[i * rows + j] = sum;
          }
        }
        expect(out, `${rows} × ${cols}`).toEqual(expected);
      }
    });
  });

  it('gramOfColumns is exactly Xᵀ X on integers, the same as gram of the transposed matrix', () => {
    for (const [rows, cols] of SHAPES) {
      const x = integers(rows, cols);
      const transposed = Float64Array.from(x, (_, k) => x[(k % rows) * cols + Math.floor(k / rows)]!);
      const [actual, expected] = [new Float64Array(cols * cols), new Float64Array(cols * cols)];
      gramOfColumns(x, rows, cols, actual);
      gram(transposed, cols, rows, expected);
      expect(actual, `${rows} × ${cols}`).toEqual(expected);
    }
  });

  it('rowProducts is exactly X Yᵀ on integers, less a mean where there is one', () => {
    for (const [rows, cols] of SHAPES) {
      const [x, y] = [integers(rows, cols), integers(rows + 3, cols)];
      for (const mean of [undefined, integers(1, cols)]) {
        const actual = new Float64Array(rows * (rows + 3));
        rowProducts({ x, xRows: rows, y, yRows: rows + 3, cols }, actual, mean);
        const expected = actual.map((_, k) => {
          const [i, j] = [Math.floor(k / (rows + 3)), k % (rows + 3)];
          let sum = 0;
          for (let c = 0; c < cols; c++) {
            const m = mean?.[c] ?? 0;
            sum += (x[i * cols + c]! - m) * (y[j * cols + c]! - m);
          }
          return sum;
        });
        expect(actual, `${rows} × ${cols}`).toEqual(expected);
      }
    }
  });

  it('qrFactor has the norms of columns that are orthogonal', () => {
    const columns = [
      [3, 4, 0, 0],
      [4, -3, 12, 0],
      [48, -36, -25, 156],
    ];
    const found = Float64Array.from(columns.flat());
    qrFactor(found, 3, 4);
    for (const [j, column] of columns.entries()) {
      expectClose(Math.abs(found[5 * j]!), Math.hypot(...column), 'kernel');
    }
  });

  it.each([1e-150, 1e-156, 1e-161, 1e-163, 1e-300])(
    'qrFactor takes a column of %s beside larger ones for nothing, and makes no NaN of it',
    (tiny) => {
      const columns = [
        [3, 4, 0, 0, 0],
        [tiny, tiny, tiny, 0, 0],
        [1, 2, 3, 4, 0],
      ];
      const found = Float64Array.from(columns.flat());
      qrFactor(found, 3, 5);
      expect(Math.abs(found[6]!)).toBeLessThanOrEqual(2 * tiny);
      const [, , last] = columns;
      // What the first leaves of the last column, whichever way the second points.
      const left = Math.hypot(...last!) ** 2 - ((3 * 1 + 4 * 2) / 5) ** 2;
      const squares = found.subarray(11, 13).reduce((sum, x) => sum + x * x, 0);
      expectClose(squares, left, 'kernel');
    },
  );

  describe('cholesky', () => {
    /** A lower triangle of small integers with powers of two on the diagonal: its square factors without rounding. */
    function factor(n: number): Float64Array {
      const l = integers(n, n).map((x) => x & 3);
      for (let i = 0; i < n; i++) {
        l[i * n + i] = 2 ** (i % 3);
        for (let j = i + 1; j < n; j++) l[i * n + j] = 0;
      }
      return l;
    }

    function squareOf(l: Float64Array, n: number): Float64Array {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++)
          for (let k = 0; k < n; k++) a[i * n + j] = a[i * n + j]! + l[i * n + k]! * l[j * n + k]!;
      }
      return a;
    }

    it('recovers an integer factor exactly', () => {
      for (const n of EDGES) {
        const l = factor(n);
        const a = squareOf(l, n);
        expect(cholesky(a, n), `${n}`).toBe(true);
        for (let i = 0; i < n; i++) {
          expect(a.subarray(i * n, i * n + i + 1), `row ${i} of ${n}`).toEqual(
            l.subarray(i * n, i * n + i + 1),
          );
        }
      }
    });

    it('reads the lower triangle alone', () => {
      const l = factor(9);
      const a = squareOf(l, 9);
      for (let i = 0; i < 9; i++) for (let j = i + 1; j < 9; j++) a[i * 9 + j] = Number.NaN;
      expect(cholesky(a, 9)).toBe(true);
      expect(a[80]).toBe(l[80]);
    });

    it('refuses a pivot of 0, below 0 or NaN', () => {
      expect(cholesky(Float64Array.of(0), 1)).toBe(false);
      expect(cholesky(Float64Array.of(-1), 1)).toBe(false);
      expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
      expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBe(false);
      expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    });

    it('refuses them wherever they are', () => {
      for (const n of [48, 49, 96, 130]) {
        for (const bad of [0, 39, 40, 47, 48, 95, 96, n - 1].filter((i) => i < n)) {
          const a = squareOf(factor(n), n);
          a[bad * n + bad] = -1;
          expect(choleskyDiagonal(a, n, 1, 0), `${bad} of ${n}`).toBeNull();
          expect(cholesky(a, n), `${bad} of ${n}`).toBe(false);
        }
      }
    });

    it('the diagonal of a matrix that is divided and shifted, and stays as it is', () => {
      for (const n of [...EDGES, 40, 47, 48, 96, 97, 145]) {
        const l = factor(n);
        const a = squareOf(l, n);
        for (let k = 0; k < n * n; k++) a[k] = a[k]! * 8;
        for (let i = 0; i < n; i++) a[i * n + i] = a[i * n + i]! - 4;
        const before = a.slice();
        expect(choleskyDiagonal(a, n, 8, 0.5), `${n}`).toEqual(
          Float64Array.from({ length: n }, (_, i) => l[i * n + i]!),
        );
        expect(a).toEqual(before);
      }
    });
  });
});
