import { describe, expect, it } from 'vitest';
import { decodeSnappy } from '#formats/codecs/snappy.js';

const decode = (block: number[], length: number): string => {
  const out = new Uint8Array(length);
  decodeSnappy(Uint8Array.from(block), out);
  return Buffer.from(out).toString();
};
const text = (value: string): number[] => [...Buffer.from(value)];

describe('Snappy blocks', () => {
  it('literals, and copies with offsets of one, two and four bytes', () => {
    expect(decode([3, 2 << 2, ...text('abc')], 3)).toBe('abc');
    // "ab", then 9 bytes from 2 back.
    expect(decode([11, 1 << 2, ...text('ab'), 1 | (5 << 2), 2], 11)).toBe('abababababa');
    expect(decode([5, 2 << 2, ...text('abc'), 2 | (1 << 2), 3, 0], 5)).toBe('abcab');
    expect(decode([5, 2 << 2, ...text('abc'), 3 | (1 << 2), 3, 0, 0, 0], 5)).toBe('abcab');
  });

  it('a long literal, and a copy that repeats one byte', () => {
    const long = 'x'.repeat(100);
    expect(decode([164, 1, 60 << 2, 99, ...text(long), 2 | (63 << 2), 1, 0], 164)).toBe('x'.repeat(164));
  });

  it.each([
    ['no length', []],
    ['another length than expected', [9, 2 << 2, ...text('abc')]],
    ['a copy from before the start', [4, 0, 97, 2 | (2 << 2), 2, 0]],
    ['offset 0', [4, 0, 97, 2 | (2 << 2), 0, 0]],
    ['more literals than it has', [4, 3 << 2, 97]],
    ['more bytes than it claims', [4, 4 << 2, ...text('abcde')]],
    ['fewer bytes than it claims', [4, 2 << 2, ...text('abc')]],
    ['half an offset', [4, 0, 97, 2 | (2 << 2), 1]],
    ['a literal of 4 GiB', [4, 63 << 2, 255, 255, 255, 255, 97]],
  ])('%s is refused', (_, block) => {
    expect(() => decode(block, 4)).toThrow('Snappy data are damaged');
  });
});
