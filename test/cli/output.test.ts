import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { executable, startExecutable } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';

const RUN = 'fixtures/runs/frozen_shuffled_1';
/** Of Linux. */
const HAS_FULL = existsSync('/dev/full');
const ESCAPE = '\u001b';

describe('colour', () => {
  it('is nowhere in a pipe', async () => {
    const { stdout, stderr } = await executable(['check', RUN, '/nowhere']);
    expect(stdout + stderr).not.toContain(ESCAPE);
  });

  it.each([
    ['FORCE_COLOR', { FORCE_COLOR: '1' }, []],
    ['--color always', {}, ['--color', 'always']],
  ])('%s forces it on both streams', async (_, env, flags) => {
    const { stdout, stderr } = await executable(['check', RUN, '/nowhere', ...flags], { env });
    expect(stdout).toContain(ESCAPE);
    expect(stderr).toContain(ESCAPE);
  });

  it('--color never wins over FORCE_COLOR', async () => {
    const { stdout } = await executable(['check', RUN, '--color', 'never'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(ESCAPE);
  });

  it('never reaches JSON or files', async () => {
    const file = join(folder({}), 'table.txt');
    const env = { FORCE_COLOR: '1' };
    const { stdout } = await executable(['check', RUN, '--json', '-o', `table=${file}`], { env });
    expect(stdout + readFileSync(file, 'utf8')).not.toContain(ESCAPE);
  });
});

describe('stdout', () => {
  it('carries the report and nothing else', async () => {
    const run = folder({ ...step(1, 1), ...step(2, 1), 'step_000002/target.npy': 'x', 'notes.txt': 'hi' });
    const { stdout, stderr } = await executable(['check', run, '--json', '--verbose']);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toContain('notes.txt');
    expect(stderr).toContain('error[E204]');
  });

  it('holds the whole JSON of 10,000 steps through a pipe', async () => {
    const files: Record<string, Uint8Array> = { 'target.npy': npy(square(1)) };
    for (let i = 1; i <= 10_000; i++) files[`pred_step${i}.npy`] = npy(square(1));
    const { code, stdout } = await executable(['check', folder(files), '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report.summary).toMatchObject({ steps: 10_000, judged: 10_000 });
    expect(report.runs[0]!.steps.map((s) => s.step)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });

  it('may be closed early: no crash, and the verdict stays the exit code', async () => {
    const { child, ended } = startExecutable(['check', RUN, '--json']);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 1, stderr: '' });
  });

  it
    .skipIf(!HAS_FULL)
    .each([['check', RUN], ['check', RUN, '--json'], ['measure', RUN], ['explain', 'jepa'], ['--help']])(
    'on a full disk is an error and no verdict: %s %s %s',
    async (...argv) => {
      const full = openSync('/dev/full', 'w');
      const { code, stderr } = await executable(argv, { stdio: ['ignore', full, 'pipe'] });
      expect(code).toBe(3);
      expect(stderr.split('\n')[0]).toBe(
        'error[E401] cannot write to standard output: the disk is full (ENOSPC)',
      );
      closeSync(full);
    },
  );

  it.skipIf(!HAS_FULL)('has its verdict where nobody can be told of an error', async () => {
    const full = openSync('/dev/full', 'w');
    const argv = ['check', RUN, 'nowhere', '-q'];
    const { code, stdout } = await executable(argv, { stdio: ['ignore', 'pipe', full] });
    expect(code).toBe(3);
    expect(stdout).toMatch(/\(exit 3\)\n$/);
    closeSync(full);
  });

  it('has nothing but the verdict with -q, in one line unless a width was asked for', async () => {
    const { stdout } = await executable(['check', RUN, '-q']);
    expect(stdout).toMatch(/^ALERT fixtures\/runs\/frozen_shuffled_1: .*\(exit 1\)\n$/);
    const whole = await executable(['check', RUN]);
    expect(whole.stdout.endsWith(`\n\n${stdout}`)).toBe(true);
    const narrow = await executable(['check', RUN, '-q', '--width', '80']);
    expect(narrow.stdout.replaceAll('\n  ', ' ')).toBe(stdout);
    expect(narrow.stdout).not.toBe(stdout);
  });
});

describe('the table', () => {
  it.each([60, 80, 120, 200])('fits %d columns', async (width) => {
    const { stdout } = await executable(['check', 'fixtures/runs', '--width', String(width)]);
    // But for the command to paste, which a shell must get in one line.
    const lines = stdout.split('\n').filter((line) => !line.startsWith('collapse '));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const fromEnvironment = await executable(['check', 'fixtures/runs'], { env: { COLUMNS: String(width) } });
    expect(fromEnvironment.stdout).toBe(stdout);
  });

  it('does not call ok what is beyond its limit and alerts later', async () => {
    const root = folder({ ...step(100, 1), ...step(200, 1) });
    const rule = (text: string) => ['--preset', 'none', '--fail-if', text];
    const { stdout, code } = await executable(['check', root, ...rule('pred_var_per_dim < 4 for 3')]);
    expect(stdout).toMatch(/^pred_var_per_dim +1 .*≥ 4 .*▅▅ +no alert$/m);
    expect(code).toBe(0);
    const held = await executable(['check', root, ...rule('pred_var_per_dim < 0.5 for 3')]);
    expect(held.stdout).toMatch(/^pred_var_per_dim +1 .*≥ 0.5 .*▅▅ +ok$/m);
  });

  it('is plain ASCII with --ascii', async () => {
    const { stdout } = await executable(['check', 'fixtures/runs', '--ascii']);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('names every step with --verbose', async () => {
    const { stdout } = await executable(['check', RUN, '--verbose']);
    expect(stdout).toMatch(/^step 0: not judged/m);
    expect(stdout).toMatch(/^step 2000: pred_var_per_dim 0\.\d+ < 0\.\d+ \(50% of target_var_per_dim\)/m);
  });

  it('escapes a hostile name', async () => {
    const root = folder(
      Object.fromEntries(Object.entries(step(1, 1)).map(([k, v]) => [`a\u001b[31m\nb/${k}`, v])),
    );
    const { stdout } = await executable(['check', join(root, 'a\u001b[31m\nb'), '-q', '--width', '400']);
    expect(stdout).toContain('a\\x1b[31m\\x0ab');
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe('files', () => {
  it('several at once, beside the table', async () => {
    const dir = folder({});
    const { stdout } = await executable([
      'check',
      RUN,
      '-o',
      `json=${join(dir, 'r.json')}`,
      '-o',
      `ndjson=${join(dir, 'r.ndjson')}`,
    ]);
    expect(stdout).toContain('ALERT');
    expect(JSON.parse(readFileSync(join(dir, 'r.json'), 'utf8'))).toMatchObject({ status: 'alert' });
    expect(existsSync(join(dir, 'r.ndjson'))).toBe(true);
  });

  it('are taken from the working directory', async () => {
    const dir = folder(step(1, 1));
    await executable(['check', '.', '-o', 'json=r.json'], { cwd: dir });
    expect(JSON.parse(readFileSync(join(dir, 'r.json'), 'utf8'))).toMatchObject({ runs: [{ run: '.' }] });
  });
});

describe('inputs', () => {
  it("takes paths from stdin with '-'", async () => {
    const { code, stdout } = await executable(['check', '-', '--json'], {
      input: `${RUN}\nfixtures/runs/late_1\n`,
    });
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Report).runs.map(({ run }) => run)).toEqual([RUN, 'fixtures/runs/late_1']);
  });

  it('reads an Arrow file with a step column', async () => {
    const { code, stdout } = await executable([
      'check',
      'fixtures/formats/arrow/pyarrow.steps.arrow',
      '--json',
    ]);
    expect(code).toBe(0);
    const { runs } = JSON.parse(stdout) as Report;
    expect(runs[0]!.steps.map(({ step: s, rows, dims }) => [s, rows, dims])).toEqual([
      [500, 24, 12],
      [1000, 24, 12],
    ]);
  });

  it('gives the same numbers for npy and Arrow, float32 and float64', async () => {
    const pairs = await Promise.all(
      ['pyarrow.fsl.f32.plain.file', 'pyarrow.list.f32', 'polars.array.uncompressed'].map(async (name) => {
        const { stdout } = await executable(['check', `fixtures/formats/arrow/${name}.arrow`, '--json']);
        return (JSON.parse(stdout) as Report).runs[0]!.steps[0]!.metrics;
      }),
    );
    expect(pairs[0]).toBeDefined();
    for (const metrics of pairs) expect(metrics).toEqual(pairs[0]);
  });

  it('takes patterns', async () => {
    const root = folder({
      'p/100.npy': npy(square(1)),
      'p/200.npy': npy(square(1)),
      't.npy': npy(square(1)),
    });
    const { code, stdout } = await executable([
      'check',
      '--pred',
      join(root, 'p/{step}.npy'),
      '--target',
      join(root, 't.npy'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).runs[0]!.steps.map((s) => s.step)).toEqual([100, 200]);
  });

  it('measures embeddings alone', async () => {
    const { code, stdout } = await executable(['check', RUN, '--target', 'none', '--json']);
    expect(code).toBe(1);
    const last = (JSON.parse(stdout) as Report).runs[0]!.steps.at(-1)!;
    expect(last.metrics).toMatchObject({ pred_cos_mean: null, target_var_per_dim: null });
    expect(last.unavailable.pred_cos_mean).toBe('needs a target');
    expect(last.skipped.map(({ criterion }) => criterion)).toEqual(['kl_reg']);
  });
});
