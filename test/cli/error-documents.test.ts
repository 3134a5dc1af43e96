import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';

async function document(...argv: string[]) {
  const { code, stdout } = await collapse(argv);
  return { code, keys: Object.keys(JSON.parse(stdout)), printed: JSON.parse(stdout) };
}

const HEAD = ['schemaVersion', 'tool', 'exitCode'];

describe('JSON where an error ended the command', () => {
  it.each([
    [['explain', 'nosuch', '--json'], 'E102'],
    [['explain', 'pred_r2', '--json', '--nosuch'], 'E101'],
    [['doctor', 'runs', '--json'], 'E101'],
    [['measure', 'runs', '--json'], 'E101'],
    [['completion', 'bash', '--json'], 'E101'],
    [['nosuch', '--json'], 'E101'],
  ])('%j: no report of a check, but the error', async (argv, code) => {
    const { keys, printed, code: exit } = await document(...argv);
    expect(exit).toBe(2);
    expect(keys).toEqual([...HEAD, 'errors']);
    expect(printed).toMatchObject({ exitCode: 2, errors: [{ code, hint: expect.any(String) }] });
  });

  it.each([
    ['a flag that is not known', ['inspect', 'x.npy', '--json', '--nosuch'], 'E101'],
    ['no file', ['inspect', '--json'], 'E103'],
    ['a value that cannot be', ['inspect', 'x.npy', '--json', '--max-memory', 'much'], 'E102'],
  ])('inspect, %s: an inspection of no files', async (_, argv, code) => {
    const { code: exit, keys, printed } = await document(...argv);
    expect(exit).toBe(2);
    expect(keys).toEqual([...HEAD, 'files', 'errors']);
    expect(printed).toMatchObject({ exitCode: 2, files: [], errors: [{ code }] });
  });

  it.each(['check', 'gate', 'watch', 'report'])('%s: a report', async (command) => {
    for (const json of [['--json'], ['-o', 'json'], ['--output=json']]) {
      const { code, printed } = await document(command, 'x', ...json, '--after', 'soon');
      expect(code).toBe(2);
      expect(printed).toMatchObject({ status: 'error', exitCode: 2, runs: [], errors: [{ code: 'E102' }] });
    }
  });

  it('none for a path of that name', async () => {
    const argv = ['check', '--after', 'soon', '--', '--json'];
    expect(await collapse(argv)).toMatchObject({ code: 2, stdout: '' });
  });
});
