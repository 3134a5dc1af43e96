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

/** A folder for PATH with stand-ins for what installs, which say what they were asked for. */
function standIns(): string {
  const bin = folder();
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  const program = `exec node "${resolve('bin/collapse.js')}" "$@"`;
  script(
    'npx',
    `echo "npx $*" >> "${bin}/asked"\nwhile [ "$1" != collapse ]; do shift; done\nshift\n${program}`,
  );
  script('npm', `echo "npm $* in $PWD" >> "${bin}/asked"`);
  script(
    'python3',
    `mkdir -p "$3/bin"\nprintf '#!/bin/sh\\necho "pip $*" >> ${bin}/asked\\ncase "$*" in *missing*) exit 1;; esac\\n' > "$3/bin/python"
printf '#!/bin/sh\\nexec node ${resolve('bin/collapse.js')} "$@"\\n' > "$3/bin/collapse"\nchmod +x "$3"/bin/*`,
  );
  return bin;
}

it.each([
  [{}, /^npx --yes --package embedding-collapse@latest collapse check/],
  [{ INPUT_VERSION: '0.2.0' }, /^npx --yes --package embedding-collapse@0\.2\.0 collapse check/],
  [{ INPUT_INSTALL: 'npm', INPUT_PACKAGE: './a b.tgz' }, /^npx --yes --package \.\/a b\.tgz collapse check/],
  [{ INPUT_INSTALL: 'pip' }, /^pip -m pip install --quiet embedding-collapse\n$/],
  [{ INPUT_INSTALL: 'pip', INPUT_VERSION: '0.2.0' }, /^pip .* embedding-collapse==0\.2\.0\n$/],
  [{ INPUT_INSTALL: 'pip', INPUT_PACKAGE: 'dist/x.whl' }, /^pip .* dist\/x\.whl\n$/],
  [{ INPUT_INSTALL: 'source' }, /^npm ci --ignore-scripts in \S+\nnpm run build in \S+\n$/],
])('installs what is asked for: %j', (inputs, asked) => {
  const bin = standIns();
  const { status } = act({
    PATH: `${bin}:${process.env.PATH}`,
    COLLAPSE_BIN: '',
    GITHUB_ACTION_PATH: resolve('.'),
    RUNNER_TEMP: bin,
    INPUT_PATHS: pairOf('constant_prediction'),
    ...inputs,
  });
  expect(readFileSync(join(bin, 'asked'), 'utf8')).toMatch(asked);
  expect([status, readFileSync(join(cwd, 'output'), 'utf8')]).toEqual([1, 'exit-code=1\n']);
});

it('fails where it cannot be installed, and for a source that is none', () => {
  const bin = standIns();
  const own = { PATH: `${bin}:${process.env.PATH}`, COLLAPSE_BIN: '', RUNNER_TEMP: bin, INPUT_PATHS: 'x' };
  const pip = act({ ...own, INPUT_INSTALL: 'pip', INPUT_PACKAGE: 'missing' });
  expect([pip.status, pip.stderr]).toEqual([70, expect.stringContaining('cannot be installed from pip')]);
  expect(act({ ...own, INPUT_INSTALL: 'conda' }).status).toBe(2);
});
