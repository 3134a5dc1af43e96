import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serialKernels } from '#kernels/serial/serial.js';

const ROOM = 'src/kernels';
const readme = readFileSync(`${ROOM}/README.md`, 'utf8');
const [, operations = ''] = readme.split(/<!-- \/?operations -->/);
const rows = operations
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));

const quoted = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, name]) => name!);
const placeOf = (name: string) =>
  [name, join(ROOM, name), join('src', name)].find((path) => existsSync(path)) ?? '';

it('the table names every operation of the interface, once', () => {
  const { name: _, ...methods } = serialKernels;
  expect(rows.flatMap(([operation]) => quoted(operation!))).toEqual(Object.keys(methods));
});

it.each(rows.map((row) => [quoted(row[0]!)[0]!, row] as const))('%s is where the table says', (name, row) => {
  const [serial, assembly, callers, tests] = row.slice(2).map(quoted);
  for (const files of [serial, assembly, callers, tests]) expect(files).not.toEqual([]);
  for (const file of assembly!) expect(placeOf(file), file).not.toBe('');
  const word = new RegExp(`\\b${name}\\b`);
  for (const file of [...serial!, ...callers!, ...tests!])
    expect(readFileSync(placeOf(file), 'utf8'), file).toMatch(word);
});

it('every file that the README names is there', () => {
  const files = quoted(readme).filter((name) => /^[\w/-]+\.(ts|mjs)$/.test(name));
  expect(files.filter((file) => placeOf(file) === '')).toEqual([]);
});

it('serial/ imports nothing of wasm/', () => {
  for (const file of readdirSync(`${ROOM}/serial`)) {
    expect(readFileSync(`${ROOM}/serial/${file}`, 'utf8'), file).not.toContain('/wasm/');
  }
});
