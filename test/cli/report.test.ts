import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const pair = ['prediction', 'target'].map((role) =>
  resolve(`fixtures/golden/normal_48x16_float32/${role}.npy`),
);
let cwd: string;
beforeEach(() => {
  cwd = folder();
});

describe('collapse report', () => {
  it('writes a page and says the verdict', async () => {
    const { code, stdout } = await collapse(['report', ...pair, '--output', 'page.html'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wrote page\.html\nok .*\(exit 0\)\n$/);
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('<!doctype html>');
  });

  it('makes of records the page that it makes of the run', async () => {
    const { stdout: records } = await collapse(['measure', ...pair, '--spectrum', '--projection'], { cwd });
    writeFileSync(join(cwd, 'run.ndjson'), records);
    const fromRun = await collapse(['report', ...pair, '--output', '-'], { cwd });
    const fromRecords = await collapse(['report', 'run.ndjson', '--output', '-'], { cwd });
    expect(fromRecords).toEqual(fromRun);
    expect(fromRun.stdout.startsWith('<!doctype html>')).toBe(true);
  });

  it('has the exit code of a check, and leaves a page of what could not be read', async () => {
    const { code } = await collapse(['report', 'nowhere'], { cwd });
    expect(code).toBe(3);
    expect(readdirSync(cwd)).toEqual(['report.html']);
  });

  it('takes -o as `check` does, and names what it wrote', async () => {
    const many = ['-o', 'a.html', '-o', 'json=r.json', '-o', 'c.csv'];
    const { stdout } = await collapse(['report', ...pair, ...many], { cwd });
    expect(stdout.split('\n').slice(0, 3)).toEqual(['wrote a.html', 'wrote r.json', 'wrote c.csv']);
    expect(readdirSync(cwd)).toEqual(['a.html', 'c.csv', 'r.json']);
    const quiet = await collapse(['report', ...pair, '-q'], { cwd });
    expect(quiet.stdout).toMatch(/^ok /);
    const check = await collapse(['check', ...pair, '-o', 'b.html'], { cwd });
    expect([check.code, readFileSync(join(cwd, 'b.html'), 'utf8').slice(0, 15)]).toEqual([
      0,
      '<!doctype html>',
    ]);
    const json = await collapse(['report', ...pair, '-o', 'json'], { cwd });
    expect(JSON.parse(json.stdout).exitCode).toBe(0);
  });

  it('does not name a page that could not be written', async () => {
    writeFileSync(join(cwd, 'no'), '');
    const { code, stdout } = await collapse(['report', ...pair, '-o', 'no/page.html'], { cwd });
    expect(code).toBe(3);
    expect(stdout).not.toContain('wrote');
  });

  it('refuses records and runs together', async () => {
    expect(await collapse(['report', 'a.ndjson', 'runs'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
