import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type NpyToWrite, writeNpy } from './write-npy.js';

/** A folder of files that is gone when the test is; texts and bytes as given, `npy(…)` for arrays. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = newFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFile(root, name, content);
  return root;
}

/** An empty folder for all tests of a file (or of a `describe`), gone after them. */
export function sharedFolder(): string {
  const root = newFolder();
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'collapse-'));
}

/** Writes a file below `root`, and the folders on the way. */
export function writeFile(root: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

/** Writes an array of `shape`; its values are given, or well spread. */
export function writeMatrix(
  root: string,
  name: string,
  shape: readonly number[],
  options: Partial<NpyToWrite> = {},
): void {
  const count = shape.reduce((all, n) => all * n, 1);
  const values = options.values ?? Array.from({ length: count }, (_, i) => Math.sin(i * i + name.length));
  writeFile(
    root,
    name,
    writeNpy({ descr: '<f4', fortran: false, version: 1, padding: 0, ...options, shape, values }),
  );
}

/** float64 values as a .npy file. */
export function npy(rows: readonly (readonly number[])[]): Uint8Array {
  return float64Npy([rows.length, rows[0]?.length ?? 0], rows.flat());
}

/** The same with one axis. */
export function numbers(...values: number[]): Uint8Array {
  return float64Npy([values.length], values);
}

function float64Npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  return writeNpy({ descr: '<f8', shape, fortran: false, version: 1, padding: 4, values });
}

/** Four points of a square with side 2·`scale`: variance scale² per dimension. */
export const square = (scale: number) => [
  [scale, scale],
  [scale, -scale],
  [-scale, scale],
  [-scale, -scale],
];

/** A step's two files: predictions and targets as squares of these sizes. */
export function step(number: number, prediction: number, target = 1): Record<string, Uint8Array> {
  const name = `step_${String(number).padStart(6, '0')}`;
  return { [`${name}/prediction.npy`]: npy(square(prediction)), [`${name}/target.npy`]: npy(square(target)) };
}
