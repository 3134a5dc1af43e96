import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { openNodeFile } from '#io/node-file.js';
import { FIXTURES } from './fixture-folder.js';

// Sums in float64, by numpy.
it.each([
  ['bio_esm1b.npz', 'test_case 1', [7, 1280], 7, 64.11670693083579],
  ['bio_esm1b.npz', 'test_case 2', [8, 1280], 8, 71.75547506869043],
  ['bio_seqvec.npz', 'test_case 1', [3, 7, 1024], 21, -1.4838908400561195],
  ['bio_seqvec.npz', 'test_case 2', [3, 8, 1024], 24, -15.272643599193543],
  ['art_embed_embeddings.npy', null, [2646, 2], 2646, 55521.148641586304],
])('%s, %j, as numpy reads it', async (name, key, shape, rows, sum) => {
  const file = await openArrayFile(openNodeFile(join(FIXTURES, 'real', name)));
  const { matrix, ...loaded } = await file.readMatrix(key);
  expect(loaded.shape).toEqual(shape);
  expect(matrix.rows).toBe(rows);
  expect(loaded.notes).toEqual(
    shape.length > 2 ? [`3-D [${shape.join(', ')}] flattened to ${rows} rows`] : [],
  );
  expect(Array.from(matrix.data).reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 9);
  file.close();
});
