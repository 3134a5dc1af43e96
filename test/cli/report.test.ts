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
    expect(stdout).toMatch(/^ok .*\(exit 0\)\n$/);
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('<!doctype html>');
  });

  it('makes of records the page that it makes of the run', async () => {
    const { stdout: records } = await collapse(['measure', ...pair, '--spectrum'], { cwd });
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

  it('refuses records and runs together', async () => {
    expect(await collapse(['report', 'a.ndjson', 'runs'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
