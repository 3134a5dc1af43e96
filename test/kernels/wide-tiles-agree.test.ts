import { describe, expect, it } from 'vitest';
import type { TilesExports } from '#kernels/wasm/wasm-modules.js';
import { wideTilesAgree } from '#kernels/wasm/wide-tiles-agree.js';

const memory = new ArrayBuffer(2 ** 20);

/** A tile in JavaScript; `fused` products are exact where the operands have few bits, which is all that is looked at. */
function tiles(cols: number, { fused = true, spoil = (x: number) => x } = {}): TilesExports {
  type Term = (x: number, y: number) => number;
  const tile = (term: Term, View: typeof Float64Array | typeof Float32Array) => {
    // Of float32, each slot of 8 bytes has two.
    const slots = (at: number, length: number) => new View(memory, at, (length * 8) / View.BYTES_PER_ELEMENT);
    return (a: number, b: number, length: number, c: number) =>
      each(slots(a, 6 * length), slots(b, cols * length), length, slots(c, 6 * cols), term);
  };
  type Values = Float64Array | Float32Array;
  const each = (a: Values, b: Values, length: number, sums: Values, term: Term) => {
    const width = sums.length / 6;
    for (let k = 0; k < length; k++) {
      for (let e = 0; e < sums.length; e++) {
        const row = k * 6 + Math.floor(e / width);
        const x = a[(row * a.length) / (6 * length)]!;
        const y = b[k * width + (e % width)]!;
        const isProbe = fused && x === 1 + 2 ** -30 && sums[e] === -1 - 2 ** -29;
        sums[e] = isProbe ? 2 ** -60 : sums[e]! + term(x, y);
      }
    }
    sums[sums.length - 1] = spoil(sums.at(-1)!);
  };
  return {
    tileRows: () => 6,
    tileCols: () => cols,
    gramTile: tile((x, y) => x * y, Float64Array),
    differenceTile: tile((x, y) => (x - y) ** 2, Float64Array),
    singleTile: tile((x, y) => x * y, Float32Array),
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

  it('fail where one of the tiles is wrong', () => {
    const right = tiles(8);
    const wrong = tiles(8, { spoil: () => Number.NaN });
    const mixed = [
      { ...right, differenceTile: wrong.differenceTile },
      { ...right, gramTile: wrong.gramTile },
      { ...right, singleTile: wrong.singleTile },
    ];
    for (const tile of mixed) expect(wideTilesAgree(tile, tiles(4), memory)).toBe(false);
  });

  it('fail where the engine fuses no products', () => {
    expect(wideTilesAgree(tiles(8, { fused: false }), tiles(4), memory)).toBe(false);
  });
});
