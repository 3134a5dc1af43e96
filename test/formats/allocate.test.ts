import { expect, it } from 'vitest';
import { allocateFloats, recycleFloats } from '#formats/shared/allocate.js';

it('gives recycled memory to the next array of its size, as zeros', () => {
  const first = allocateFloats(12, true).fill(3);
  recycleFloats(first);
  expect(allocateFloats(12, false)).not.toBe(first);
  expect(allocateFloats(24, false).buffer).not.toBe(first.buffer);
  const second = allocateFloats(12, true);
  expect(second).toBe(first);
  expect(second).toEqual(new Float64Array(12));
});

it('never gives one memory to two', () => {
  const array = allocateFloats(7, true);
  recycleFloats(array);
  recycleFloats(array);
  expect(allocateFloats(7, true)).toBe(array);
  expect(allocateFloats(7, true)).not.toBe(array);
});

it('leaves alone what is not its own', () => {
  const foreign = new Float64Array(9);
  recycleFloats(foreign);
  expect(allocateFloats(9, true)).not.toBe(foreign);
});
