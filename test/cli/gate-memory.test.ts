import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readRecords } from '#commands/input/read-records.js';
import { type Curves, ndjsonOf, recordsOf } from '../normal/records.js';
import { collapse, executable, ROOT } from '../support/collapse.js';
import { sharedFolder, writeFile } from '../support/run-folder.js';

const BIN = join(ROOT, 'bin/collapse.js');
const TELL_PEAK = join(ROOT, 'test/support/tell-peak.cjs');
const STEPS = 20_000;
const root = sharedFolder();
let text: string;

beforeAll(() => {
  const steps = Array.from({ length: STEPS }, (_, step) => 1 + Math.sin(step) / 10);
  const curves: Curves = {
    pred_var_per_dim: steps,
    target_var_per_dim: steps,
    pairwise_pred_dist_mean: steps,
  };
  text = ndjsonOf(recordsOf('run', curves));
  writeFile(root, 'run.ndjson', text);
});

const asked = (text: string) => Number(/--max-memory (\d+)MiB/.exec(text)?.[1]);

it.each([[[]], [['--json']], [['--state', 'run.state']]])(
  '%s: the number that a refusal names does, and holds',
  async (flags) => {
    const refused = await collapse(['gate', 'run.ndjson', '--max-memory', '16MiB', ...flags], { cwd: root });
    expect(refused).toMatchObject({ code: 3 });
    const enough = asked(refused.stdout + refused.stderr);
    const argv = ['gate', 'run.ndjson', '--max-memory', `${enough}MiB`, ...flags];
    const { code, stderr } = await executable(argv, { cwd: root, node: ['--require', TELL_PEAK] });
    expect(code, stderr).toBeLessThan(3);
    expect(Number(stderr.trim().split('\n').at(-1)) / 1024).toBeLessThan(enough + 150);
  },
);

it('steps of a table count as those of records do', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i + 1},0.5`);
  writeFile(root, 'logged.csv', `step,pred_cos_mean\n${rows.join('\n')}\n`);
  const argv = ['gate', 'logged.csv', '--preset', 'none', '--fail-if', 'pred_cos_mean < 0.1'];
  const refused = await collapse([...argv, '--max-memory', '16MiB'], { cwd: root });
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('error[E220]');
  const enough = asked(refused.stderr);
  const how = { cwd: root, node: ['--require', TELL_PEAK] };
  const { code, stderr } = await executable([...argv, '--max-memory', `${enough}MiB`], how);
  expect(code, stderr).toBe(0);
  expect(Number(stderr.trim().split('\n').at(-1)) / 1024).toBeLessThan(enough + 150);
});

const refusal = (code: string) => ({ code: 3, stderr: expect.stringContaining(`error[${code}]`) });

it('a reference counts, too, before it is read', async () => {
  writeFile(root, 'one.ndjson', ndjsonOf(recordsOf('one', { pred_cos_mean: [0.1, 0.2, 0.3] })));
  writeFile(root, 'zeros.ndjson', Buffer.alloc(2 ** 25));
  const judged = (reference: string) =>
    collapse(['gate', 'one.ndjson', '--reference', reference, '--max-memory', '16MiB'], { cwd: root });
  expect(await judged('run.ndjson')).toMatchObject(refusal('E220'));
  expect(await judged('zeros.ndjson')).toMatchObject(refusal('E231'));
});

it('a state counts before it is read, and the number that its refusal names does and holds', async () => {
  const runs = ['a', 'b', 'c'].map((run) => text.replaceAll('"run":"run"', `"run":"${run}"`));
  writeFile(root, 'three.ndjson', runs.join(''));
  writeFile(root, 'next.ndjson', ndjsonOf(recordsOf('d', { pred_cos_mean: [0.1, 0.2, 0.3] })));
  const kept = await collapse(['gate', 'three.ndjson', '--state', 'kept.state'], { cwd: root });
  expect(kept.code, kept.stderr).toBeLessThan(3);
  const argv = ['gate', 'next.ndjson', '--state', 'kept.state', '--max-memory'];
  const refused = await collapse([...argv, '1MiB'], { cwd: root });
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('error[E220] a state of') });
  const enough = asked(refused.stderr);
  const how = { cwd: root, node: ['--require', TELL_PEAK] };
  const { code, stderr } = await executable([...argv, `${enough}MiB`], how);
  // The new run has nothing to judge.
  expect(code, stderr).toBe(4);
  expect(Number(stderr.trim().split('\n').at(-1)) / 1024).toBeLessThan(enough + 150);
});

it('a JSON file is counted before a diff looks whether it is a reference', async () => {
  writeFile(root, 'one.ndjson', ndjsonOf(recordsOf('one', { pred_cos_mean: [0.1, 0.2, 0.3] })));
  writeFile(root, 'lines.json', `${'{"a": 1}\n'.repeat(100_000)}`);
  writeFile(root, 'zeros.json', Buffer.alloc(2 ** 25));
  const compared = (path: string) =>
    collapse(['diff', 'one.ndjson', path, '--max-memory', '16MiB'], { cwd: root });
  expect(await compared('lines.json')).toMatchObject(refusal('E220'));
  expect(await compared('zeros.json')).toMatchObject(refusal('E231'));
});

it('standard input is counted to its end, and has the same number', async () => {
  const file = await collapse(['gate', 'run.ndjson', '--max-memory', '16MiB'], { cwd: root });
  const piped = await collapse(['gate', '-', '--max-memory', '16MiB'], { input: text });
  expect(piped.code).toBe(3);
  expect(asked(piped.stderr)).toBe(asked(file.stderr));
});

it.each([
  ['gate', '<(cat run.ndjson)'],
  ['gate', 'one.ndjson', '--reference', '<(cat run.ndjson)'],
])('what a pipe of the shell holds is counted, and has the same number: %s %s %s', async (...argv) => {
  writeFile(root, 'one.ndjson', ndjsonOf(recordsOf('one', { pred_cos_mean: [0.1, 0.2, 0.3] })));
  const files = argv.map((arg) => arg.replace('<(cat run.ndjson)', 'run.ndjson'));
  const file = await collapse([...files, '--max-memory', '16MiB'], { cwd: root });
  const command = (budget: number) =>
    `"${process.execPath}" --require "${TELL_PEAK}" "${BIN}" ${argv.join(' ')} --max-memory ${budget}MiB`;
  const run = (budget: number) => spawnSync('bash', ['-c', command(budget)], { cwd: root, encoding: 'utf8' });
  const piped = run(16);
  expect(piped.status).toBe(3);
  expect(asked(piped.stderr)).toBe(asked(file.stderr));
  const enough = run(asked(piped.stderr));
  expect(enough.stderr).not.toContain('E220');
  expect(Number(enough.stderr.trim().split('\n').at(-1)) / 1024).toBeLessThan(asked(piped.stderr) + 150);
});

it('a pipe without an end is refused at its first long line', () => {
  const command = `"${process.execPath}" "${BIN}" gate <(cat /dev/zero)`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(3);
  expect(stderr).toContain('error[E231]');
});

it('a line that is longer than any record is refused before it ends', async () => {
  let given = 0;
  async function* zeros() {
    for (const chunk = new Uint8Array(2 ** 16); ; given += chunk.length) yield chunk;
  }
  await expect(readRecords(['-'], { cwd: root, stdin: zeros() })).rejects.toMatchObject({ code: 'E231' });
  expect(given).toBeLessThan(2 ** 25);
});
