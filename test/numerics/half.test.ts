import { expect, it } from 'vitest';
import { halfTable } from '#numerics/floating/half.js';

/** By way of float32's bits: rebias the exponent, let subnormals normalise by a subtraction. */
function bySingle(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  const magnitude = bits & 0x7fff;
  if (magnitude >= 0x7c00) view.setUint32(0, 0x7f80_0000 | ((magnitude & 0x3ff) << 13));
  else if (magnitude >= 0x0400) view.setUint32(0, (magnitude << 13) + (112 << 23));
  else {
    view.setUint32(0, (113 << 23) | (magnitude << 13));
    view.setFloat32(0, view.getFloat32(0) - 2 ** -14);
  }
  const value = view.getFloat32(0);
  return bits & 0x8000 ? -value : value;
}

it('every one of the 65,536 halves has its value', () => {
  const table = halfTable();
  expect(table.length).toBe(65_536);
  const wrong = Array.from(table.keys()).filter((bits) => !Object.is(table[bits], bySingle(bits)));
  expect(wrong).toEqual([]);
});
