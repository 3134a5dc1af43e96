import { describe, expect, it } from 'vitest';
import type { TilesExports } from '#kernels/wasm/wasm-modules.js';
import { wideTilesAgree } from '#kernels/wasm/wide-tiles-agree.js';

const memory = new ArrayBuffer(2 ** 20);

/** A tile in JavaScript; `fused` products are exact where the operands have few bits, which is all that is looked at. */
function tiles(cols: number, { fused = true, spoil = (x: number) => x } = {}): TilesExports {
  const floats = (at: number, length: number) => new Float64Array(memory, at, length);
  const each = (a: number, b: number, length: number, c: number, term: (x: number, y: number) => number) => {
    const sums = floats(c, 6 * cols);
    for (let k = 0; k < length; k++) {
      for (let e = 0; e < sums.length; e++) {
        const x = floats(a, 6 * length)[k * 6 + Math.floor(e / cols)]!;
        const y = floats(b, cols * length)[k * cols + (e % cols)]!;
        const isProbe = fused && x === 1 + 2 ** -30 && sums[e] === -1 - 2 ** -29;
        sums[e] = isProbe ? 2 ** -60 : sums[e]! + term(x, y);
      }
    }
    sums[sums.length - 1] = spoil(sums.at(-1)!);
  };
  return {
    tileRows: () => 6,
    tileCols: () => cols,
    gramTile: (a, b, length, c) => each(a, b, length, c, (x, y) => x * y),
    differenceTile: (a, b, length, c) => each(a, b, length, c, (x, y) => (x - y) ** 2),
  };
}

describe('wide tiles', () => {
  it('pass where they give the bits of the narrow ones', () => {
    expect(wideTilesAgree(tiles(8), tiles(4), memory)).toBe(true);
  });

  it('fail for one bit of one sum', () => {
    const lastBit = (x: number) => x * (1 + 2 ** -52);
    expect(wideTilesAgree(tiles(8, { spoil: lastBit }), tiles(4), memory)).toBe(false);
  });

  it('fail where either of the two tiles is wrong', () => {
    const right = tiles(8);
    const wrong = tiles(8, { spoil: () => Number.NaN });
    const mixed = [
      { ...right, differenceTile: wrong.differenceTile },
      { ...right, gramTile: wrong.gramTile },
    ];
    for (const tile of mixed) expect(wideTilesAgree(tile, tiles(4), memory)).toBe(false);
  });

  it('fail where the engine fuses no products', () => {
    expect(wideTilesAgree(tiles(8, { fused: false }), tiles(4), memory)).toBe(false);
  });
});
