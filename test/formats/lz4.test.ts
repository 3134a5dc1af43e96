import { describe, expect, it } from 'vitest';
import { decodeLz4Block } from '#formats/codecs/lz4-block.js';
import { decodeLz4Frames } from '#formats/codecs/lz4-frame.js';
import { xxh32 } from '#formats/codecs/xxh32.js';
import { memorySource } from '#io/memory-source.js';

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));

it.each([
  ['', 0x02cc5d05],
  ['a', 0x550d7456],
  ['abc', 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0xe2293b2f],
])('xxh32 of %j is the published value', (value, hash) => {
  expect(xxh32(text(value))).toBe(hash);
});

describe('LZ4 blocks', () => {
  const decode = (block: number[], length: number): string => {
    const out = new Uint8Array(length);
    expect(decodeLz4Block(Uint8Array.from(block), out, 0)).toBe(length);
    return Buffer.from(out).toString();
  };

  it('literals alone, and a match that overlaps itself', () => {
    expect(decode([0x30, 0x61, 0x62, 0x63], 3)).toBe('abc');
    // "ab", then 10 bytes from 2 back, then "z".
    expect(decode([0x26, 0x61, 0x62, 2, 0, 0x10, 0x7a], 13)).toBe('ababababababz');
  });

  it('long runs: literals of 300 bytes, matches of 600 by offsets 1, 2 and 30', () => {
    const literals = Array.from({ length: 300 }, (_, i) => 97 + (i % 26));
    const head = [0xf0 | 15, 255, 300 - 15 - 255, ...literals];
    for (const offset of [1, 2, 30]) {
      const block = [...head, offset, 0, 255, 255, 600 - 19 - 510, 0x10, 0x21];
      const expected = literals.slice();
      for (let i = 0; i < 600; i++) expected.push(expected[expected.length - offset] as number);
      expect(decode(block, 901)).toBe(`${String.fromCharCode(...expected)}!`);
    }
  });

  it.each([
    ['offset 0', [0x10, 0x61, 0, 0, 0x10, 0x61]],
    ['an offset before the start', [0x10, 0x61, 2, 0, 0x10, 0x61]],
    ['more literals than input', [0x50, 0x61]],
    ['more than the output holds', [0x1f, 0x61, 1, 0, 255, 255, 255, 0, 0x10, 0x61]],
    ['no length after 15', [0xf0, 255]],
    ['half an offset', [0x10, 0x61, 1]],
    ['a match at the end', [0x10, 0x61, 1, 0]],
    ['nothing', []],
  ])('%s is refused', (_, block) => {
    expect(() => decodeLz4Block(Uint8Array.from(block), new Uint8Array(64), 0)).toThrow(
      'LZ4 data are damaged',
    );
  });
});

describe('LZ4 frames', () => {
  const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
  const sum = (bytes: number[]): number[] => word(xxh32(Uint8Array.from(bytes)));
  const frame = (flags: number, blocks: { stored: boolean; data: number[] }[], plain: number[]): number[] => {
    const sized = flags & 8 ? [...word(plain.length), 0, 0, 0, 0] : [];
    const descriptor = [0x40 | flags, 0x40, ...sized];
    return [
      ...word(0x184d2204),
      ...descriptor,
      sum(descriptor)[1] as number,
      ...blocks.flatMap(({ stored, data }) => [
        ...word(stored ? (data.length | 0x80000000) >>> 0 : data.length),
        ...data,
        ...(flags & 16 ? sum(data) : []),
      ]),
      ...word(0),
      ...(flags & 4 ? sum(plain) : []),
    ];
  };
  const decode = (bytes: number[], length: number): string => {
    const out = new Uint8Array(length);
    decodeLz4Frames(memorySource('x', Uint8Array.from(bytes)), 0, bytes.length, out);
    return Buffer.from(out).toString();
  };
  const blocks = [
    { stored: true, data: [...text('abcdefgh')] },
    { stored: false, data: [0x10, 0x2d, 9, 0, 0x10, 0x2e] },
  ];
  const plain = [...text('abcdefgh-abcd.')];

  it.each([0, 4, 8, 16, 28])('linked blocks, flags %i', (flags) => {
    expect(decode(frame(flags, blocks, plain), plain.length)).toBe('abcdefgh-abcd.');
  });

  it('two frames in a row', () => {
    const one = frame(0x20 | 4, [{ stored: true, data: plain }], plain);
    expect(decode([...one, ...one], 28)).toBe('abcdefgh-abcd.abcdefgh-abcd.');
  });

  it('a match must not reach into another block of independent blocks', () => {
    expect(() => decode(frame(0x20, blocks, plain), plain.length)).toThrow('reaches back 9 bytes');
  });

  it('every flipped bit of a frame with checksums is refused', () => {
    const bytes = frame(28, blocks, plain);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => decode(flipped, plain.length)).toThrow('LZ4 data are damaged');
    }
  });

  it('every cut, and another length than claimed, is refused', () => {
    const bytes = frame(8, blocks, plain);
    for (let end = 0; end < bytes.length; end++) {
      expect(() => decode(bytes.slice(0, end), plain.length)).toThrow('LZ4 data are damaged');
    }
    expect(() => decode(bytes, plain.length + 1)).toThrow('15 bytes are expected; it has 14');
    expect(() => decode(bytes, plain.length - 1)).toThrow('LZ4 data are damaged');
  });
});
