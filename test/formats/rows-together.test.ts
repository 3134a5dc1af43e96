import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import type { OpenedFile } from '#formats/shared/define-format.js';
import { openNodeFile } from '#io/node-file.js';
import { FIXTURES } from './fixture-folder.js';

const FILES = ['arrow', 'npz', 'parquet', 'safetensors'].flatMap((format) =>
  readdirSync(join(FIXTURES, 'formats', format))
    .filter((name) => !/\.(json|md|npy)$/.test(name))
    .map((name) => `${format}/${name}`),
);

async function readable(file: OpenedFile, key: string | null) {
  try {
    return await file.readMatrix(key);
  } catch {
    return null;
  }
}

it('rows that are read together follow each other and make up the whole array', async () => {
  let seen = 0;
  for (const name of FILES) {
    const file = await openArrayFile(openNodeFile(join(FIXTURES, 'formats', name)));
    for (const { key, kind, compression, together } of file.arrays) {
      const whole = kind === 'matrix' ? await readable(file, key) : null;
      if (whole === null) continue;
      if (compression !== undefined) expect([name, together]).not.toEqual([name, undefined]);
      if (together === undefined) continue;
      seen++;
      const parts = [];
      let next = 0;
      for (const [start, end] of together) {
        expect([name, start]).toEqual([name, next]);
        next = end;
        if (end > start) parts.push(...(await file.readMatrix(key, [[start, end]])).matrix.data);
      }
      expect([name, next, parts]).toEqual([name, whole.matrix.rows, [...whole.matrix.data]]);
    }
    file.close();
  }
  expect(seen).toBeGreaterThan(20);
});
