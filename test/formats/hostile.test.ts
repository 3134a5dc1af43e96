import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCES } from '../../scripts/build/sources.mjs';
import {
  arrowOfColumns,
  arrowWithSharedText,
  parquetOfColumns,
  parquetOfEmptyStructs,
  parquetOfNestedLists,
  safetensorsWith,
} from './hostile-files.js';

const BUDGET = 2 ** 26;
/** What the process takes without any file, and a header's bytes. */
const BESIDE = 150 * 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const child = join(folder, 'child.mjs');

beforeAll(async () => {
  const input = fileURLToPath(new URL('./hostile-child.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', resolve: SOURCES, logLevel: 'silent' });
  await bundle.write({ file: child, format: 'esm', codeSplitting: false });
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(bytes: Uint8Array): { code: string; message: string; peak: number; cpuMs: number } {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return JSON.parse(
    execFileSync(process.execPath, ['--max-old-space-size=256', child, path, String(BUDGET)], {
      encoding: 'utf8',
    }),
  );
}

const tensor = (name: string, axes: string) =>
  `"${name}":{"dtype":"F32","shape":[${axes}4],"data_offsets":[16,32]}`;

describe('what a header claims is counted before it is built', () => {
  it.each([
    ['columns that share a long name', () => arrowWithSharedText('names'), 'E2', 'header'],
    ['metadata that share a long value', () => arrowWithSharedText('metadata'), 'E2', 'header'],
    ['metadata of a column that share one', () => arrowWithSharedText('field metadata'), 'E2', 'header'],
    ['a million lists in lists', () => parquetOfNestedLists(1_000_000), 'E204', 'nests deeper'],
    ['eight million empty structs', () => parquetOfEmptyStructs(8_000_000), 'E204', 'can hold'],
    ['a long string', () => safetensorsWith(`"__metadata__":{"a":"${'x'.repeat(9e6)}"}`), 'loaded', ''],
    ['a long key', () => safetensorsWith(`"__metadata__":{"${'x'.repeat(9e6)}":""}`), 'loaded', ''],
    ['arrays in arrays', () => safetensorsWith(`"a":${'['.repeat(8e6)}`), 'E204', 'nests deeper'],
    ['millions of objects', () => safetensorsWith(`"a":[${'{},'.repeat(4e6)}{}]`), 'E220', 'headers'],
    ['a tensor of a million axes', () => safetensorsWith(tensor('y', '1,'.repeat(1e6))), 'E204', '64 is the'],
    ['a tensor of a long name', () => safetensorsWith(tensor('y'.repeat(8e6), '-1,')), 'E204', 'yyy'],
    [
      'a tensor named in escapes',
      () => safetensorsWith(tensor('\\\\\\"'.repeat(2e6), '-1,')),
      'E204',
      ' no shape',
    ],
    ['a hundred thousand columns of Arrow', () => arrowOfColumns(100_000), 'E220', 'headers'],
    ['a hundred thousand columns of Parquet', () => parquetOfColumns(100_000), 'E220', 'headers'],
  ])('%s', (_, make, code, message) => {
    const outcome = open(make());
    expect(outcome.message.length).toBeLessThan(2100);
    expect(outcome.code).toContain(code);
    expect(outcome.message).toContain(message);
    expect(outcome.peak).toBeLessThan(BUDGET + BESIDE);
    expect(outcome.cpuMs).toBeLessThan(1500);
  });
});
