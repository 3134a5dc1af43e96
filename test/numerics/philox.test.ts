import { expect, it } from 'vitest';
import { philox4x32 } from '#numerics/random/philox.js';
import { randomSlices } from '#numerics/random/random-slices.js';

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
