import { expect, test } from 'vitest';
import { flattenNotes } from '#formats/shared/description.js';

test.each([
  [
    [16, 64, 7, 7],
    /7168 rows of 7; if axis 1 holds the channels, put them last: `np\.moveaxis\(x, 1, -1\)`$/,
  ],
  [[2, 64, 3, 7, 7], /2688 rows of 7; if axis 1 holds the channels/],
  // Tokens, windows of a video, and heads whose width is that of a sequence.
  [[16, 64, 32], /^3-D \[16, 64, 32\] flattened to 1024 rows$/],
  [[2, 8, 14, 192], /^4-D \[2, 8, 14, 192\] flattened to 224 rows$/],
  [[2, 8, 64, 64], /^4-D \[2, 8, 64, 64\] flattened to 1024 rows$/],
] as const)('%j', (shape, note) => {
  const rows = shape.slice(0, -1).reduce((product: number, side) => product * side, 1);
  expect(flattenNotes(shape, rows)).toEqual([expect.stringMatching(note)]);
});

test('a matrix has none', () => expect(flattenNotes([4, 8], 4)).toEqual([]));
