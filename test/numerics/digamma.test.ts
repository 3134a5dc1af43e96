import { describe, it } from 'vitest';
import { digamma } from '#numerics/gaussian/digamma.js';
import { readGolden } from '../metrics/golden-files.js';
import { expectClose } from '../tolerances.js';

const golden = readGolden<{ values: { x: number; psi: number }[] }>('golden/digamma.json');

describe('digamma', () => {
  it.each(golden.values)('of $x', ({ x, psi }) => {
    expectClose(digamma(x), psi, 'digamma');
  });

  it('obeys ψ(x + 1) = ψ(x) + 1/x on both sides of where the series takes over', () => {
    for (let x = 0.25; x < 24; x += 0.25)
      expectClose(digamma(x + 1), digamma(x) + 1 / x, 'digamma', `x = ${x}`);
  });

  it('is minus Euler’s constant at 1', () => {
    expectClose(digamma(1), -0.5772156649015329, 'digamma');
  });
});
