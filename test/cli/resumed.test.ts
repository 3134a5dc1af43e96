import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gate } from '#judge/gate.js';
import { gateWithState } from '#judge/state/gate-with-state.js';
import type { Report } from '#report/types.js';
import { anyJudging, anyRun } from '../judge/any-run.js';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';
import { type Condition, writeRun } from '../support/small-runs.js';

const DEAD: Condition = { target: 1e-3 };
const STATE = ['--state', 'state.json'];

async function check(cwd: string, ...flags: string[]) {
  const { code, stdout, stderr } = await collapse(['check', 'run', ...STATE, '--json', ...flags], { cwd });
  const report = JSON.parse(stdout) as Report;
  // Those measured now, and how many are judged with them.
  return {
    code,
    stderr,
    report,
    steps: report.runs[0]?.steps.map(({ step }) => step),
    count: report.summary.steps,
  };
}

/** Three good steps and three dead ones, judged. */
async function collapsed() {
  const cwd = folder();
  writeRun(cwd, [{}, {}, {}, DEAD, DEAD, DEAD]);
  expect((await check(cwd)).code).toBe(1);
  return cwd;
}

function remove(cwd: string, ...steps: number[]) {
  for (const step of steps) rmSync(join(cwd, `run/step_${step}`), { recursive: true });
}

describe('a job that went back to an earlier checkpoint', () => {
  it('has no verdict for steps that are gone', async () => {
    const cwd = await collapsed();
    remove(cwd, 400, 500, 600);
    const { code, steps, stderr } = await check(cwd);
    expect([code, steps]).toEqual([0, [100, 200, 300]]);
    expect(stderr).toContain('went back to step 300: 3 steps, 400 to 600, that came after it');
    writeRun(cwd, [{}], { first: 400 });
    expect(await check(cwd)).toMatchObject({ code: 0, steps: [100, 200, 300, 400], stderr: '' });
  });

  it('may come again with other numbers, with --last 1 too', async () => {
    const cwd = await collapsed();
    remove(cwd, 400, 500, 600);
    writeRun(cwd, [{ rest: 0.9 }], { first: 400 });
    expect(await check(cwd, '--last', '1')).toMatchObject({ code: 0, steps: [400], count: 4 });
  });

  it('is told of by --resume-from where the files are there', async () => {
    const cwd = await collapsed();
    writeRun(cwd, [{}, {}, {}], { first: 400 });
    const refused = await check(cwd);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('--resume-from STEP')]);
    const resumed = await check(cwd, '--resume-from', '300');
    expect(resumed).toMatchObject({ code: 0, steps: [100, 200, 300, 400, 500, 600] });
    expect((await collapse(['check', 'run', '--resume-from', '300'], { cwd })).code).toBe(2);
  });

  it('is no check that comes late, and no step whose file was deleted to save space', async () => {
    const cwd = await collapsed();
    const before = readFileSync(join(cwd, 'state.json'), 'utf8');
    expect((await check(cwd, '--steps', '..300')).count).toBe(6);
    remove(cwd, 100, 200);
    expect((await check(cwd)).count).toBe(6);
    expect(readFileSync(join(cwd, 'state.json'), 'utf8')).toBe(before);
  });

  it('ends with the verdict of one invocation over what is left, whenever it went back', async () => {
    const dir = folder({});
    await fc.assert(
      fc.asyncProperty(anyRun(), anyJudging, fc.nat(), fc.nat(1e9), async (records, options, n, id) => {
        const path = join(dir, `${id}.json`);
        rmSync(path, { force: true });
        const request = { path, shown: 'state.json', rejudge: false };
        for (const record of records) await gateWithState([record], options, '0', request);
        const at = n % records.length;
        const again = records.slice(at).map((record) => ({ ...record, dims: record.dims + 1 }));
        let report: Report | null = null;
        for (const [i, record] of again.entries()) {
          const resumeFrom = i === 0 ? Math.max(0, record.step! - 1) : undefined;
          report = await gateWithState([record], options, '0', { ...request, resumeFrom });
        }
        const whole = JSON.parse(JSON.stringify([...records.slice(0, at), ...again]));
        const expected = gate(whole, options, '0', new Map());
        expect(report?.exitCode).toBe(expected.exitCode);
        expect(report?.status).toBe(expected.status);
        expect(report?.runs[0]?.diagnosis).toEqual(expected.runs[0]?.diagnosis);
        expect(report?.runs[0]?.steps.at(-1)).toEqual(expected.runs[0]?.steps.at(-1));
        expect(report?.summary).toEqual(expected.summary);
      }),
      { numRuns: 40 },
    );
  });
});

it('four concurrent checks on one state agree', async () => {
  const cwd = folder();
  writeRun(cwd, [{}, {}, {}, DEAD, DEAD]);
  const verdicts = await Promise.all([1, 2, 3, 4].map(() => check(cwd)));
  for (const { code, steps } of verdicts) expect([code, steps]).toEqual([1, [100, 200, 300, 400, 500]]);
  expect((await check(cwd)).report.runs[0]!.steps).toEqual(verdicts[0]!.report.runs[0]!.steps);
});
