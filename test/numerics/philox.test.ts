import { expect, it } from 'vitest';
import { currentKernels } from '#kernels/choose-kernels.js';
import { fillWithNormals } from '#kernels/normals.js';
import { philox4x32 } from '#kernels/philox.js';
import { RandomSlices, randomSlices } from '#numerics/random/random-slices.js';

/** The known answers that come with Random123 (`tests/kat_vectors`), philox 4×32 with 10 rounds. */
it.each([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    '408f276d 41c83b0e a20bc7c6 6d5451fd',
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
] as const)('philox of counter %j under key %j', (counter, key, expected) => {
  const words = new Uint32Array(4);
  philox4x32(counter, key, words);
  expect([...words].map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
});

it('slices are unit vectors, the same for the same seed and others for another', () => {
  const slices = randomSlices(50, 7, 0);
  for (let i = 0; i < 50; i++) {
    expect(Math.hypot(...slices.subarray(7 * i, 7 * i + 7))).toBeCloseTo(1, 14);
  }
  expect(randomSlices(50, 7, 0)).toEqual(slices);
  expect(randomSlices(50, 7, 1)).not.toEqual(slices);
});

it('any piece of the normals can be had alone', () => {
  const all = new Float64Array(40);
  fillWithNormals(all, 5, 0);
  for (const [from, count] of [
    [1, 7],
    [3, 1],
    [6, 20],
    [8, 4],
    [39, 1],
  ] as const) {
    const piece = new Float64Array(count);
    fillWithNormals(piece, 5, from);
    expect(piece).toEqual(all.slice(from, from + count));
  }
  // Past 2³² blocks the second word of the counter says which.
  const beyond = new Float64Array(4);
  fillWithNormals(beyond, 5, 4 * 2 ** 32);
  expect(beyond).not.toEqual(all.slice(0, 4));
});

it('slices that are asked for again are the same object, and a piece of them is a piece of all', () => {
  const slices = new RandomSlices();
  const directions = slices.of(16, 7, 0);
  expect(slices.of(16, 7, 0)).toBe(directions);
  const all = randomSlices(16, 7, 0, 0, currentKernels().fillWithNormals);
  expect(directions.draw(4, 8)).toEqual(all.slice(28, 84));
  expect(slices.of(4, 7, 0, 8).draw(0, 4)).toEqual(directions.draw(8, 4));
});
