import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tridiagonal } from '#kernels/kernels.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { some, THOROUGH } from '../support/thorough.js';
import { expectClose } from '../tolerances.js';
import { BUILDS, FAST_BUILDS } from './builds.js';
import { eigenvaluesOf } from './eigenvalues.js';

const symmetricEigenvalues = (a: Float64Array, n: number) => eigenvaluesOf(serialKernels, [a], n)[0]!;

/** The lower triangle of [n, n]; the upper one is poisoned, since no build may read it. */
function lower(n: number, at: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return j <= i ? at(i, j) : Number.NaN;
  });
}

function expectSpectrum(a: Float64Array, n: number, expected: readonly number[]): void {
  const actual = symmetricEigenvalues(a, n);
  const largest = Math.max(...expected.map(Math.abs));
  expect(actual).toHaveLength(n);
  for (const [i, value] of expected.entries()) {
    expectClose(actual[i]! / largest, value / largest, 'eigenvalue', `eigenvalue ${i} of ${n}`);
  }
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 64, 65, 130, 200];

describe('matrices whose eigenvalues are known', () => {
  it.each(SIZES)('second differences, %i × %i', (n) => {
    const a = lower(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0));
    const expected = Array.from(
      { length: n },
      (_, k) => 4 * Math.sin(((k + 1) * Math.PI) / (2 * n + 2)) ** 2,
    );
    expectSpectrum(a, n, expected);
  });

  it.each(SIZES)('one in every entry, %i × %i', (n) => {
    expectSpectrum(
      lower(n, () => 1),
      n,
      Array.from({ length: n }, (_, k) => (k === n - 1 ? n : 0)),
    );
  });

  it.each(SIZES)('min(i, j), whose inverse is known, %i × %i', (n) => {
    const a = lower(n, (i, j) => Math.min(i, j) + 1);
    const expected = Array.from(
      { length: n },
      (_, k) => 1 / (4 * Math.sin(((2 * (n - k) - 1) * Math.PI) / (4 * n + 2)) ** 2),
    );
    expectSpectrum(
      a,
      n,
      expected.sort((x, y) => x - y),
    );
  });

  it('a diagonal is only sorted', () => {
    const values = [3, -1, 0, 7.5, 2, 2];
    const a = lower(6, (i, j) => (i === j ? values[i]! : 0));
    expect([...symmetricEigenvalues(a, 6)]).toEqual([-1, 0, 2, 2, 3, 7.5]);
  });

  it('zeros', () => {
    expect([
      ...symmetricEigenvalues(
        lower(9, () => 0),
        9,
      ),
    ]).toEqual(new Array(9).fill(0));
  });
});

it('a reflected diagonal has the eigenvalues of the diagonal', () => {
  const shape = fc.integer({ min: 1, max: 40 }).chain((n) => {
    const entries = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n, maxLength: n });
    return fc.tuple(entries, entries, entries);
  });
  fc.assert(
    fc.property(shape, ([diagonal, first, second]) => {
      const n = diagonal.length;
      let full = Array.from({ length: n }, (_, i) => diagonal.map((x, j) => (i === j ? x : 0)));
      for (const v of [first, second]) full = reflect(full, v);
      const expected = [...diagonal].sort((x, y) => x - y);
      if (Math.max(...expected.map(Math.abs)) < 1e-3) return;
      expectSpectrum(
        lower(n, (i, j) => full[i]![j]!),
        n,
        expected,
      );
    }),
    { numRuns: 200 },
  );
});

/** H A H with H = I − 2 v vᵀ / vᵀv. */
function reflect(a: number[][], v: readonly number[]): number[][] {
  const vv = v.reduce((sum, x) => sum + x * x, 0);
  if (vv < 1e-3) return a;
  const half = (rows: number[][]) =>
    rows.map((row) => {
      const product = (2 * row.reduce((sum, x, k) => sum + x * v[k]!, 0)) / vv;
      return row.map((x, k) => x - product * v[k]!);
    });
  const turned = half(a);
  return half(turned[0]!.map((_, j) => turned.map((row) => row[j]!)));
}

describe.each(BUILDS)('$name: 1024 eigenvalues', (kernels) => {
  it('within 1e-13 of the largest', () => {
    const n = 1024;
    const expected = Float64Array.from({ length: n }, (_, i) => 2 ** (-i / 40)).sort();
    const actual = eigenvaluesOf(kernels, [reflectedDiagonal(expected)], n)[0]!;
    for (const [i, value] of expected.entries())
      expectClose(actual[i], value, 'eigenvalue', `eigenvalue ${i}`);
  });
});

describe.each(BUILDS)('$name: several matrices', (kernels) => {
  it.each([1, 2, 3, 16, 17, 18, 33, 64])('each has its own eigenvalues, %i × %i', (n) => {
    for (const count of [0, 1, 2, 3, 7]) {
      const scales = Array.from({ length: count }, (_, k) => (k % 2 === 0 ? 1 : -1) * (k + 1));
      const matrices = scales.map((scale) =>
        lower(n, (i, j) => scale * (i === j ? 2 : i - j === 1 ? -1 : 0)),
      );
      const found = eigenvaluesOf(kernels, matrices, n);
      expect(found).toHaveLength(count);
      for (const [k, scale] of scales.entries()) {
        const expected = Array.from(
          { length: n },
          (_, i) => scale * 4 * Math.sin(((i + 1) * Math.PI) / (2 * n + 2)) ** 2,
        ).sort((x, y) => x - y);
        const unit = 4 * Math.abs(scale);
        for (const [i, value] of expected.entries())
          expectClose(found[k]![i]! / unit, value / unit, 'eigenvalue', `eigenvalue ${i} of matrix ${k}`);
      }
    }
  });
});

/** The order from which on the way is over a band. */
const leastByBand = ({ name }: { readonly name: string }) => (name.startsWith('wasm-wide') ? 800 : 1280);

describe.each(BUILDS)('$name: tridiagonalsOf and tridiagonalEigenvalues', (kernels) => {
  const eigenvalues = (diagonal: Float64Array, off: Float64Array, size: number) =>
    kernels.tridiagonalEigenvalues([{ diagonal, off, size }])[0]!;

  it.each([1, 2, 3, 17, 60, 257, 410, leastByBand(kernels) + 3])(
    'a border is the first direction, %i × %i',
    (n) => {
      const values = Float64Array.from({ length: n }, (_, i) => 1 + i / n);
      const data = reflectedDiagonal(values);
      const border = values.map((_, i) => Math.sin(3 * i + 1));
      const [{ diagonal, off, size }] = kernels.tridiagonalsOf([{ data, border, scale: 0.5 }], n) as [
        Tridiagonal,
      ];
      const length = Math.hypot(...border);
      expect(diagonal).toHaveLength(n + 1);
      expectClose(diagonal[0]! + 1, 1, 'eigenvalue');
      expectClose(Math.abs(off[0]!), length / 2, 'kernel');
      const [rest, beside] = [diagonal.subarray(1), off.subarray(1)];
      for (const [i, x] of eigenvalues(rest, beside, size).entries())
        expectClose(2 * x, values[i]!, 'eigenvalue', `eigenvalue ${i}`);
      // bᵀ A b / bᵀ b, the first entry in a basis that begins with b.
      const along = border.reduce((sum, x, i) => {
        let row = 0;
        for (let j = 0; j < n; j++) row += data[Math.max(i, j) * n + Math.min(i, j)]! * border[j]!;
        return sum + x * row;
      }, 0);
      expectClose(2 * rest[0]!, along / length ** 2, 'eigenvalue');
    },
  );

  it.each([1, 2, 9, 40, 210, leastByBand(kernels) / 2 + 5])(
    'a doubled matrix has its singular values, %i × %i',
    (n) => {
      // A bidiagonal matrix: the squares are the eigenvalues of a matrix of second differences.
      const lower = Float64Array.from({ length: n * n }, (_, k) => {
        const [i, j] = [Math.floor(k / n), k % n];
        return i === j ? 1 : i === j + 1 ? -1 : j > i ? Number.NaN : 0;
      });
      const [doubled] = kernels.tridiagonalsOf([{ lower, scale: 2 }], n);
      const found = kernels.tridiagonalEigenvalues([doubled!])[0]!;
      for (let k = 0; k < n; k++) {
        const value = 4 * Math.sin(((2 * k + 1) * Math.PI) / (4 * n + 2));
        expectClose(found[n + k]! / 4, value / 4, 'eigenvalue', `singular value ${k}`);
        expectClose(found[n - 1 - k]! / 4, -value / 4, 'eigenvalue', `its negative ${k}`);
      }
    },
  );

  it('sweeps whose shift is an entry to the last bit meet zeros, and go on', () => {
    const alternating = (n: number) =>
      Float64Array.from({ length: n }, (_, i) => (i % 4 < 2 && i % 2 === 1 ? 1 : 2 ** -40));
    const entries = fc
      .integer({ min: 2, max: 60 })
      .chain((n) =>
        fc.tuple(
          fc.array(fc.integer({ min: -2, max: 2 }), { minLength: n, maxLength: n }),
          fc.array(fc.constantFrom(0, 2 ** -40, 1, 2), { minLength: n - 1, maxLength: n - 1 }),
        ),
      );
    const examples = [9, 24].map((n): [[number[], number[]]] => [
      [Array.from({ length: n }, (_, i) => (i + 1) % 2), [...alternating(n - 1)]],
    ]);
    const property = fc.property(entries, ([diagonal, off]) => {
      const matrix = { diagonal: Float64Array.from(diagonal), off: Float64Array.from(off), size: 2 };
      const expected = serialKernels.tridiagonalEigenvalues([matrix])[0]!;
      const found = kernels.tridiagonalEigenvalues([matrix])[0]!;
      for (const [i, value] of expected.entries())
        expectClose(found[i]! / 4 + 2, value / 4 + 2, 'eigenvalue', `eigenvalue ${i}`);
    });
    fc.assert(property, { numRuns: 300, examples });
  });

  it('eigenvalues depend on nothing beside them, whatever their orders', () => {
    const matrices = [50, 1, 33, 50, 7].map((n, k) => ({
      diagonal: Float64Array.from({ length: n }, (_, i) => Math.cos(i * i + k)),
      off: Float64Array.from({ length: n - 1 }, (_, i) => (i % 11 === k ? 0 : 2 ** -k)),
      size: 1,
    }));
    const alone = matrices.map((matrix) => kernels.tridiagonalEigenvalues([matrix])[0]);
    expect(kernels.tridiagonalEigenvalues(matrices)).toEqual(alone);
    expect(kernels.tridiagonalEigenvalues([...matrices].reverse())).toEqual([...alone].reverse());
    expect(kernels.tridiagonalEigenvalues([])).toEqual([]);
  });

  it('an entry beyond all others costs them no digits', () => {
    const n = 40;
    const diagonal = new Float64Array(n).fill(2);
    const off = new Float64Array(n - 1).fill(-1);
    for (const huge of [1e8, 1e13, 1e18, 1e24]) {
      const raised = diagonal.slice();
      raised[0] = huge;
      const below = diagonal.slice(1);
      below[0] = below[0]! - 1 / huge;
      const expected = eigenvalues(below, off.slice(1), 2);
      const found = eigenvalues(raised, off, 2);
      for (let k = 0; k < n - 1; k++) expectClose(found[k]! / 4, expected[k]! / 4, 'eigenvalue');
      expectClose(found[n - 1]! / huge, 1, 'eigenvalue');
    }
  });
});

/** Orders about that at which the way over a band begins, and about multiples of either build's grain beyond it. */
const BEYOND = [-1, 0, 1, 8, 9, 16, 17, 20, 21];

describe.each(FAST_BUILDS)('$name: large matrices', (kernels) => {
  const expectOf = (a: Float64Array, n: number, expected: Float64Array) => {
    const actual = eigenvaluesOf(kernels, [a], n)[0]!;
    const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
    for (const [i, value] of expected.entries())
      expectClose(actual[i]! / largest, value / largest, 'eigenvalue', `eigenvalue ${i} of ${n}`);
  };

  it.each(some(BEYOND).map((more) => leastByBand(kernels) + more))('every entry matters, %i × %i', (n) => {
    const values = Float64Array.from({ length: n }, (_, i) => Math.cos(i) * 1.02 ** -i).sort();
    expectOf(reflectedDiagonal(values), n, values);
  });

  it.each([651, leastByBand(kernels) + 11])('nothing to reflect, or little, %i × %i', (n) => {
    const zeros = new Float64Array(n);
    expectOf(
      lower(n, () => 0),
      n,
      zeros,
    );
    const diagonal = zeros.map((_, i) => ((i * 7) % 11) - 5);
    expectOf(
      lower(n, (i, j) => (i === j ? diagonal[i]! : 0)),
      n,
      diagonal.slice().sort(),
    );
    const waves = zeros.map((_, k) => 4 * Math.sin(((k + 1) * Math.PI) / (2 * n + 2)) ** 2);
    expectOf(
      lower(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)),
      n,
      waves,
    );
    const ones = zeros.slice();
    ones[n - 1] = n;
    expectOf(
      lower(n, () => 1),
      n,
      ones,
    );
    // One block of ones among zeros: reflectors of single rows beside columns of nothing.
    const block = zeros.slice();
    block[n - 1] = 40;
    expectOf(
      lower(n, (i, j) => (j >= 300 && i < 340 ? 1 : 0)),
      n,
      block,
    );
  });

  it.runIf(THOROUGH)('an order at which the band is wider', () => {
    const n = 2050;
    const values = Float64Array.from({ length: n }, (_, i) => 1.005 ** -i - 0.25).sort();
    expectOf(reflectedDiagonal(values), n, values);
  });

  it.each([40, leastByBand(kernels) + 10])(
    'powers of two scale each matrix, which stays as it is, %i × %i',
    (n) => {
      const values = Float64Array.from({ length: n }, (_, i) => 1 + i / n);
      const a = reflectedDiagonal(values);
      const before = a.slice();
      const scales = [2 ** 400, 1, 2 ** -300];
      const [up, same, down] = eigenvaluesOf(
        kernels,
        scales.map((scale) => a.map((x) => x / scale)),
        n,
        scales,
      );
      expect(eigenvaluesOf(kernels, [a], n)).toEqual([same]);
      expect(a.every((x, i) => Object.is(x, before[i]))).toBe(true);
      expect(up).toEqual(same);
      expect(down).toEqual(same);
    },
  );

  it.each([40, leastByBand(kernels) + 10])('what is not a number is refused, %i × %i', (n) => {
    const a = lower(n, (i, j) => (i === 20 && j === 10 ? Number.NaN : 1));
    expect(() => eigenvaluesOf(kernels, [a], n)[0]!).toThrow('the eigenvalues do not converge');
  });
});

/** H D H, with D the diagonal of `values` and H = I − 2 v vᵀ of a unit vector with no zero in it. */
function reflectedDiagonal(values: Float64Array): Float64Array {
  const n = values.length;
  const v = Float64Array.from({ length: n }, (_, i) => Math.cos(i * i) + 1.5);
  const norm = Math.hypot(...v);
  for (let i = 0; i < n; i++) v[i] = v[i]! / norm;
  let vdv = 0;
  for (let i = 0; i < n; i++) vdv += v[i]! * values[i]! * v[i]!;
  return lower(
    n,
    (i, j) => (i === j ? values[i]! : 0) + 2 * v[i]! * v[j]! * (2 * vdv - values[i]! - values[j]!),
  );
}
