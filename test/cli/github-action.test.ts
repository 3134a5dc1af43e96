import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { folder } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

function act(inputs: Record<string, string>) {
  return spawnSync('bash', [resolve('scripts/github-action.sh')], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      COLLAPSE_BIN: resolve('bin/collapse.js'),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: join(cwd, 'output'),
      GITHUB_STEP_SUMMARY: join(cwd, 'summary'),
      ...inputs,
    },
  });
}

const pairOf = (name: string) =>
  ['prediction', 'target'].map((role) => resolve(`fixtures/golden/${name}/${role}.npy`)).join('\n');

it('annotates, sums up, writes what was asked for and fails on alerts', () => {
  const { status, stdout } = act({
    INPUT_PATHS: pairOf('constant_prediction'),
    INPUT_SARIF: 'a.sarif',
    INPUT_REPORT: 'page.html',
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::error file=/);
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('<h3>Spectrum</h3>');
  expect(readFileSync(join(cwd, 'output'), 'utf8')).toBe('exit-code=1\n');
  expect(['summary', 'a.sarif', 'page.html'].map((name) => existsSync(join(cwd, name)))).toEqual([
    true,
    true,
    true,
  ]);
});

it('takes each line as one word, whatever is in it', () => {
  const { status, stderr } = act({
    INPUT_PATHS: '--help; touch owned\n$(touch owned)',
    INPUT_ARGS: '--fail-on=warn',
  });
  expect(status).toBe(3);
  expect(stderr).toContain('$(touch owned)');
  expect(existsSync(join(cwd, 'owned'))).toBe(false);
});

it('is quiet where no annotations are wanted', () => {
  const { status, stdout } = act({ INPUT_PATHS: pairOf('normal_48x16_float32'), INPUT_ANNOTATIONS: 'false' });
  expect(status).toBe(0);
  expect(stdout).not.toContain('::');
});

it('compares with a baseline in the summary, and has the graver code of the two', () => {
  const run = resolve('fixtures/runs/healthy_vicreg_1');
  const measured = spawnSync(process.execPath, [resolve('bin/collapse.js'), 'measure', run], {
    encoding: 'utf8',
  });
  writeFileSync(join(cwd, 'main.ndjson'), measured.stdout);
  const inputs = { INPUT_PATHS: run, INPUT_ANNOTATIONS: 'false', INPUT_BASELINE: 'main.ndjson' };
  expect(act(inputs).status).toBe(0);
  const summary = readFileSync(join(cwd, 'summary'), 'utf8');
  expect(summary).toMatch(/the same\n/);
  expect(summary).toContain('A `main.ndjson`');
  const ruled = act({ ...inputs, INPUT_DIFF_ARGS: '--fail-if=target_effective_rank < 200% of reference' });
  expect(ruled.status).toBe(1);
  expect(readFileSync(join(cwd, 'output'), 'utf8')).toBe('exit-code=0\nexit-code=1\n');
  expect(act({ ...inputs, INPUT_BASELINE: 'gone.ndjson' }).status).toBe(3);
});
