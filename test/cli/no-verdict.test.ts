import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';

const run = () => folder({ ...step(1, 1), ...step(2, 1), ...step(3, 1), ...step(4, 1) });

it('a criterion without its metric is no ok where --on-unavailable fail asks for it', async () => {
  const flags = ['--fail-if', 'copy_skill < 0', '--on-unavailable', 'fail'];
  const { code, stdout } = await collapse(['check', '.', ...flags, '-q', '--width', '200'], { cwd: run() });
  expect(code).toBe(4);
  expect(stdout).toBe(
    'NO DATA .: no alert at 4 judged steps; copy_skill < 0 could not be decided at any judged step (exit 4)\n',
  );
  const report = JSON.parse((await collapse(['check', '.', ...flags, '--json'], { cwd: run() })).stdout);
  expect([report.status, report.runs[0].status, report.exitCode]).toEqual(['no-data', 'no-data', 4]);
});

it("the verdict names the user's own rule that was never decided, and no preset's", async () => {
  const flags = ['--fail-if', 'copy_skill < 0', '--fail-if', 'pred_l2_mean > 100', '-q', '--width', '200'];
  const { code, stdout } = await collapse(['check', '.', ...flags], { cwd: run() });
  expect(code).toBe(0);
  expect(stdout).toBe(
    'ok .: no alert at 4 judged steps; copy_skill < 0 could not be decided at any judged step (exit 0)\n',
  );
  expect((await collapse(['check', '.', '-q'], { cwd: run() })).stdout).toBe(
    'ok .: no alert at 4 judged steps (exit 0)\n',
  );
});

it('a state that is judged by other rules tells the first of them, not all of a preset', async () => {
  const cwd = run();
  const first = await collapse(['check', '.', '--state', 's.json', '-q'], { cwd });
  expect(first.code).toBe(0);
  const { code, stderr } = await collapse(['check', '.', '--state', 's.json', '--preset', 'jepa', '-q'], {
    cwd,
  });
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /it has pred_var_per_dim < 50% of target_var_per_dim \(warn\), pairwise_pred_dist_mean .* asked for is nothing else/,
  );
  expect(stderr.split('\n')[0]!.length).toBeLessThan(700);
});

it('what the system refuses is told in words, with the path as it was given', async () => {
  const cwd = run();
  mkdirSync(join(cwd, 'folder'));
  const state = await collapse(['check', '.', '--state', 'folder', '-q'], { cwd });
  expect([state.code, state.stderr]).toEqual([
    3,
    expect.stringContaining('error[E202] cannot read: it is a directory (EISDIR)\n  --> folder\n'),
  ]);
  const nowhere = await collapse(['check', '.', '--state', 'no/such/state.json', '-q'], { cwd });
  expect(nowhere.stderr).toContain('cannot lock the state file: there is no such directory (ENOENT)');
  expect((await collapse(['gate', 'folder'], { cwd })).stderr).toContain('it is a directory (EISDIR)');
});

it('an error of a configuration helps with that error', async () => {
  const cwd = run();
  const stderrOf = async (config: unknown) => {
    writeFileSync(join(cwd, 'collapse.config.json'), JSON.stringify(config));
    const { code, stderr } = await collapse(['check', '.'], { cwd });
    expect(code).toBe(2);
    return stderr;
  };
  expect(await stderrOf({ perStepAxis: -1 })).toContain('help: with [B, T, D] name T: 1, or -2');
  expect(await stderrOf({ metrics: 'pred_r3' })).toContain("help: did you mean 'pred_r2'?");
  expect(await stderrOf({ extends: 'nowhere.json' })).toContain(
    'the configuration that collapse.config.json extends cannot be read',
  );
  expect(await stderrOf({ extends: 'collapse.config.json' })).toContain(
    'help: take collapse.config.json out of the extends of the last',
  );
});
