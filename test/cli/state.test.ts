import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';

const RUN = 'fixtures/runs/late_1';

/** A report with these steps alone, wherever its baseline came from. */
function ofSteps(json: string, isTaken: (step: number) => boolean): unknown {
  const report = JSON.parse(json.replace('"source": "state"', '"source": "first step"'));
  for (const run of report.runs) run.steps = run.steps.filter(({ step }: { step: number }) => isTaken(step));
  return report;
}

describe('--state', () => {
  it('a check an invocation ends with the report of one check', async () => {
    const state = join(folder({}), 'state.json');
    const rule = ['--fail-if', 'pred_var_per_dim < 70% of peak for 2'];
    const all = await collapse(['check', RUN, ...rule, '--json']);
    const steps: number[] = JSON.parse(all.stdout).runs[0].steps.map((at: { step: number }) => at.step);
    let last = all;
    for (const number of steps) {
      last = await collapse(['check', RUN, '--steps', String(number), '--state', state, ...rule, '--json']);
    }
    expect(ofSteps(last.stdout, () => true)).toEqual(ofSteps(all.stdout, (step) => step === steps.at(-1)));
    expect(last.code).toBe(all.code);
    const again = await collapse(['check', RUN, '--last', '1', '--state', state, ...rule, '--json']);
    expect(again.stdout).toBe(last.stdout);
  });

  it('of gate is that of check', async () => {
    const dir = folder({});
    const state = join(dir, 'state.json');
    await collapse(['check', RUN, '--steps', '..2000', '--state', state]);
    const { stdout } = await collapse(['measure', RUN, '--steps', '2001..']);
    const gated = await collapse(['gate', '-', '--state', state, '--json'], { input: stdout });
    const checked = await collapse(['check', RUN, '--json']);
    expect(ofSteps(gated.stdout, () => true)).toEqual(ofSteps(checked.stdout, (step) => step > 2000));
  });

  it('damaged: exit 3, with a report where JSON was asked for, and the file stays', async () => {
    const dir = folder({ ...step(100, 1), 'state.json': 'broken' });
    const { code, stdout, stderr } = await collapse(['check', '.', '--state', 'state.json', '--json'], {
      cwd: dir,
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).errors).toMatchObject([{ code: 'E403', path: 'state.json' }]);
    expect(stderr).toContain('error[E403] not a whole state file: it is not JSON\n  --> state.json\n');
    expect(readFileSync(join(dir, 'state.json'), 'utf8')).toBe('broken');
  });

  it.each([
    ['zeros, as after a crash of the machine', Buffer.alloc(5000)],
    ['another format', readFileSync('fixtures/golden/normal_48x16_float32/target.npy')],
  ])('that is %s is damaged: it is refused as a state, and stays', async (_, bytes) => {
    const dir = folder(step(100, 1));
    writeFileSync(join(dir, 's'), bytes);
    const { code, stderr } = await collapse(['check', '.', '--state', 's'], { cwd: dir });
    expect([code, stderr]).toEqual([3, expect.stringContaining('error[E403]')]);
    expect(readFileSync(join(dir, 's'))).toEqual(bytes);
  });

  it('of an older step: exit 3, or --rejudge', async () => {
    const dir = folder({ ...step(100, 1), ...step(200, 0.9) });
    const check = (...args: string[]) => collapse(['check', '.', '--state', 's.json', ...args], { cwd: dir });
    expect((await check('--last', '1')).code).toBe(0);
    const refused = await check();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('error[E404] step 100 of . is older than step 200, the newest judged');
    expect((await check('--rejudge')).code).toBe(0);
    expect((await check()).code).toBe(0);
  });

  it('cannot be rejudged where there is none, and must be writable', async () => {
    const dir = folder(step(100, 1));
    expect((await collapse(['check', '.', '--rejudge'], { cwd: dir })).code).toBe(2);
    const { code, stderr } = await collapse(['check', '.', '--state', 'no/such/folder.json'], { cwd: dir });
    expect(code).toBe(3);
    expect(stderr).toContain('error[E401]');
    writeFileSync(join(dir, 'x'), '');
  });
});
