import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RememberedRuns } from '#commands/serve/remembered-runs.js';
import type { StepRecord } from '#report/record.js';
import { collapse, executable } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';
import { writeZip } from '../support/write-zip.js';

const npz = (prediction: number): Uint8Array =>
  writeZip(
    Object.entries({ prediction, target: 1 }).map(([role, scale]) => ({
      name: `${role}.npy`,
      bytes: npy(square(scale)),
      deflated: false,
    })),
  );

/** A line, and the bytes that follow it. */
const request = (fields: object, frame?: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`${JSON.stringify(frame === undefined ? fields : { ...fields, bytes: frame.length })}\n`),
    frame ?? new Uint8Array(0),
  ]);

async function serve(cwd: string, messages: readonly Uint8Array[], argv: readonly string[] = []) {
  const ran = await collapse(['serve', '--preset', 'rfc-0005', ...argv], {
    cwd,
    input: Buffer.concat(messages),
  });
  const lines = ran.stdout.split('\n').slice(0, -1);
  return { ...ran, answers: lines.map((line) => JSON.parse(line)) };
}

describe('collapse serve', () => {
  it('answers each request with a report that knows the steps before', async () => {
    const { code, answers, stderr } = await serve(folder({}), [
      request({ id: 'a', run: 'exp', step: 100 }, npz(1)),
      request({ id: 2, run: 'exp', step: 200 }, npz(0.1)),
      request({ run: 'other', step: 200 }, npz(1)),
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(answers.map(({ id, report }) => [id, report.exitCode])).toEqual([
      ['a', 0],
      [2, 1],
      [null, 0],
    ]);
    const [run] = answers[1].report.runs;
    expect(run).toMatchObject({ run: 'exp', latest: { step: 200, stop: true }, baseline: { step: 100 } });
    expect(run.steps).toHaveLength(1);
    expect(answers[1].report.summary.steps).toBe(2);
  });

  it('takes one step for a series that has begun, and no batch by hand', async () => {
    const { stdout } = await collapse(['serve'], {
      cwd: folder({}),
      input: Buffer.from(request({ run: 'exp', step: 100 }, npz(0.001))),
    });
    expect(JSON.parse(stdout).report).toMatchObject({ status: 'early', exitCode: 0 });
  });

  it('reads files and directories too, and judges again what it remembers', async () => {
    const cwd = folder({ ...step(100, 1), ...step(200, 1), 'pair.npz': npz(0.1) });
    const { answers } = await serve(cwd, [
      request({ run: 'exp', paths: ['.'] }),
      request({ run: 'exp', step: 300, paths: ['pair.npz'] }),
      request({ run: 'exp', flags: { failIf: ['pred_var_per_dim > 0'], after: 200 } }),
      request({ run: 'nothing' }),
    ]);
    expect(answers.map(({ report }) => report.exitCode)).toEqual([0, 1, 1, 4]);
    expect(answers.map(({ report }) => report.runs[0]?.latest.step)).toEqual([200, 300, 300, undefined]);
    expect(answers[2].report.runs[0].steps).toEqual([]);
  });

  it('says what check says of the same steps', async () => {
    const files = { ...step(100, 1), ...step(200, 0.9), ...step(300, 0.1) };
    const cwd = folder(files);
    const checked = JSON.parse(
      (await collapse(['check', '--preset', 'rfc-0005', '.', '--json'], { cwd })).stdout,
    );
    const { answers } = await serve(
      cwd,
      [100, 200, 300].map((number) => request({ run: '.', step: number, paths: [`step_000${number}`] })),
    );
    const last = answers[2].report.runs[0];
    const [run] = checked.runs;
    expect({ ...last, steps: run.steps }).toEqual(run);
    expect(answers.map(({ report }) => report.runs[0].steps[0].metrics)).toEqual(
      run.steps.map(({ metrics }: { metrics: object }) => metrics),
    );
  });

  it('goes on after a request that cannot be met', async () => {
    const bad = npz(1).subarray(0, 50);
    const { code, answers } = await serve(folder({}), [
      request({ run: 'exp', step: 100 }, npz(1)),
      request({ run: 'exp', step: 200 }, bad),
      request({ run: 'exp', step: 200, paths: ['missing'] }),
      request({ run: 'exp', step: -1 }, npz(1)),
      request({ run: 'exp', stpe: 1 }, npz(1)),
      request({ run: '' }),
      request({ run: 'exp', paths: [] }),
      request({ run: 'exp', paths: ['x'] }, npz(1)),
      request({ run: 'exp', flags: { afterr: 1 } }),
      request({ run: 'exp', flags: { json: true } }),
      request({ run: 'exp', flags: { extends: 'x' } }),
      Buffer.from('\n'),
      request({ run: 'exp', step: 300 }, npz(0.1)),
    ]);
    expect(code).toBe(0);
    expect(answers.map(({ report }) => report.exitCode)).toEqual([0, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1]);
    // What was remembered is judged still.
    expect(answers[1].report.runs[0].latest.step).toBe(100);
    expect(answers.at(-1).report.runs[0].baseline.step).toBe(100);
  });

  it('passes over a frame beyond the budget, and takes the next', async () => {
    const { answers } = await serve(
      folder({}),
      [request({ run: 'x', step: 1 }, new Uint8Array(2 ** 20 + 1)), request({ run: 'x', step: 2 }, npz(1))],
      ['--max-memory', '1MiB'],
    );
    expect(answers[0].report.errors).toMatchObject([{ code: 'E220' }]);
    expect(answers[1].report.exitCode).toBe(0);
  });

  it.each([
    ['no JSON', Buffer.from('hello\n'), 2, 'E105'],
    ['no object', Buffer.from('[1]\n'), 2, 'E105'],
    ['a size that is none', Buffer.from('{"run":"x","bytes":-5}\n'), 2, 'E105'],
    ['a line without end', Buffer.alloc(2 ** 20 + 10, 'x'), 2, 'E105'],
    ['a cut frame', Buffer.from('{"run":"x","bytes":900}\nabc'), 3, 'E203'],
  ])('ends at what cannot be followed: %s', async (_, message, code, error) => {
    const ran = await serve(folder({}), [message, request({ run: 'x' })]);
    expect(ran.code).toBe(code);
    expect(ran.answers).toHaveLength(1);
    expect(ran.answers[0].report.errors).toMatchObject([{ code: error }]);
  });

  it('refuses flags that contradict each other, and those it has no use for', async () => {
    for (const argv of [['--no-mask', '--mask-key', 'm'], ['--json'], ['--state', 's'], ['runs/exp1']]) {
      const { code } = await collapse(['serve', '--preset', 'rfc-0005', ...argv], { cwd: folder({}) });
      expect([argv, code]).toEqual([argv, 2]);
    }
  });

  it('forgets what came after a step that it goes back to, and begins anew with other settings', async () => {
    const cwd = folder({});
    const records = 'deep/exp.ndjson';
    const { answers } = await serve(cwd, [
      request({ run: 'exp', step: 100, records }, npz(1)),
      request({ run: 'exp', step: 200, records }, npz(0.1)),
      request({ run: 'exp', step: 150, records }, npz(1)),
      request({ run: 'exp', step: 160, records, flags: { metrics: 'all' } }, npz(1)),
      request({ run: 'exp', step: 170, records, flags: { metrics: 'all' } }, npz(1)),
    ]);
    expect(answers.map(({ report }) => report.exitCode)).toEqual([0, 1, 0, 0, 0]);
    expect(answers[2].report.warnings[0].message).toContain('forgotten');
    expect(answers[3].report.warnings[0].message).toContain('begins anew');
    const lines = readFileSync(join(cwd, records), 'utf8').trimEnd().split('\n');
    const steps = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step');
    expect(steps.map((record) => record.step)).toEqual([160, 170]);
    const gated = await collapse(['gate', records, '--json'], { cwd });
    expect(gated.stderr).toBe('');
    expect(JSON.parse(gated.stdout).runs[0]).toMatchObject({ run: 'exp', latest: { step: 170 } });
  });

  it('goes on from the records of an earlier process, without the line that was cut', async () => {
    const cwd = folder({});
    const records = 'exp.ndjson';
    await serve(cwd, [request({ run: 'exp', step: 100, records }, npz(1))]);
    const path = join(cwd, records);
    appendFileSync(path, '{"type":"st');
    const { answers } = await serve(cwd, [request({ run: 'moved', step: 200, records }, npz(0.1))]);
    expect(answers[0].report.runs).toMatchObject([{ run: 'moved', baseline: { step: 100 } }]);
    writeFileSync(path, '{"type":"poem"}\n');
    const refused = await serve(cwd, [request({ run: 'exp', step: 300, records }, npz(1))]);
    expect(refused.answers[0].report.errors).toMatchObject([{ code: 'E231', path: records }]);
  });

  it('keeps its verdict where the records cannot be written', async () => {
    const cwd = folder({ file: 'x' });
    const { answers } = await serve(cwd, [
      request({ run: 'exp', step: 100, records: 'file/exp.ndjson' }, npz(1)),
    ]);
    expect(answers[0].report).toMatchObject({
      exitCode: 0,
      warnings: [{ path: 'file/exp.ndjson', message: expect.stringContaining('cannot') }],
    });
  });

  it('is built', async () => {
    const input = request({ id: 1, run: 'exp', step: 100 }, npz(0.1));
    const { code, stdout } = await executable(['serve', '--preset', 'rfc-0005'], {
      input: input as Uint8Array,
    });
    expect([code, JSON.parse(stdout).report.exitCode]).toEqual([0, 1]);
  });
});

describe('what is remembered', () => {
  const record = (run: string, number: number): StepRecord =>
    ({ type: 'step', run, step: number, metrics: { pred_r2: 0 }, fingerprint: {} }) as unknown as StepRecord;

  it('has a bound: other runs go first, then what is neither first nor newest', () => {
    const runs = new RememberedRuns(300);
    for (let i = 0; i < 200; i++) runs.add('a', [record('a', i)]);
    for (let i = 0; i < 400; i++) runs.add('b', [record('b', i)]);
    expect(runs.of('a')).toEqual([]);
    const steps = runs.of('b').map(({ step }) => step);
    expect(steps).toEqual([...Array(100).keys(), ...Array.from({ length: 200 }, (_, i) => 200 + i)]);
  });
});
