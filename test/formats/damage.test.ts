import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { bundleSources } from '../../scripts/build/sources.mjs';
import { sharedFolder } from '../support/run-folder.js';
import { fixtureFolder } from './fixture-folder.js';

const folder = sharedFolder();
const child = join(folder, 'child.mjs');

beforeAll(async () => {
  const input = fileURLToPath(new URL('./fuzz-child.ts', import.meta.url));
  await bundleSources(input, { file: child });
});

interface Outcome {
  loaded: number;
  refused: number;
  slowestMs: number;
  wrong: string[];
}

const run = (flips: number, paths: string[]): Outcome =>
  JSON.parse(
    execFileSync(process.execPath, ['--max-old-space-size=512', child, String(flips), ...paths], {
      timeout: 120_000,
      encoding: 'utf8',
    }),
  );

it.each([
  ['npy', ['formats/npy'], 60],
  ['Arrow', ['formats/arrow', 'malformed/arrow'], 100],
  ['npz', ['formats/npz', 'malformed/npz'], 100],
  ['safetensors', ['formats/safetensors', 'malformed/safetensors'], 60],
  ['Parquet', ['formats/parquet', 'malformed/parquet'], 100],
])('damaged %s files load or are refused, each within a second', (_, folders, flips) => {
  const paths = folders.flatMap((name) => fixtureFolder(name).map(({ path }) => path));
  const outcome = run(flips, paths);
  expect(outcome.wrong).toEqual([]);
  expect(outcome.slowestMs).toBeLessThan(1000);
  expect(outcome.loaded).toBeGreaterThan(10);
  expect(outcome.refused).toBeGreaterThan(paths.length * 50);
});
