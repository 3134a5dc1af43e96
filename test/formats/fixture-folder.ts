import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenOptions } from '#formats/shared/define-format.js';

export const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Every data file of a fixtures folder with its entry in expected.json; one without the other is an error. */
export function fixtureFolder<T>(folder: string): { name: string; path: string; expected: T }[] {
  const expected: Record<string, T> = JSON.parse(
    readFileSync(join(FIXTURES, folder, 'expected.json'), 'utf8'),
  );
  const files = readdirSync(join(FIXTURES, folder)).filter(
    (name) => !/^(expected\.json|README\.md|[PT](\.\w+)?\.npy)$/.test(name),
  );
  const odd = [...files, ...Object.keys(expected)].filter(
    (name) => !(files.includes(name) && name in expected),
  );
  if (odd.length > 0)
    throw new Error(`${folder}: without file or without entry in expected.json: ${odd.join(', ')}`);
  return files.map((name) => ({ name, path: join(FIXTURES, folder, name), expected: expected[name] as T }));
}

export interface LoadsNpy {
  dtype: string;
  shape: number[];
  rows: number;
  cols: number;
  values: (number | string)[];
  options?: OpenOptions;
  vector?: boolean;
}

export interface LoadsTable {
  dtype: string;
  columns: Record<string, string>;
  rows?: [number, number];
  vectors?: Record<string, number[]>;
  /** Matrices that are not those of the Arrow fixtures. */
  matrices?: Record<string, number[][]>;
  metadata?: Record<string, string>;
}

export interface Refused {
  code: string;
  message: string;
  when: 'open' | 'matrix' | 'vector';
  key?: string;
}
