import { closeSync, linkSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse, executable } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';

let cwd: string;
beforeEach(async () => {
  cwd = folder({
    ...step(100, 1),
    ...step(200, 0.9),
    'step_000100/kl_reg.json': '3',
    'mine/x': '',
    'weights.pt': 'PK\x03\x04\0',
  });
  linkSync(join(cwd, 'step_000100/target.npy'), join(cwd, 'mine/hard'));
  symlinkSync('../step_000100/target.npy', join(cwd, 'mine/link'));
  symlinkSync('..', join(cwd, 'mine/up'));
  symlinkSync('../later.json', join(cwd, 'mine/to-come'));
});

const contents = () =>
  readdirSync(cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [parentPath, name, readFileSync(join(parentPath, name), 'latin1')])
    .sort();

async function refused(...argv: string[]): Promise<string> {
  const before = contents();
  const { code, stderr } = await collapse(argv, { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('error[E104]');
  expect(contents()).toEqual(before);
  return stderr;
}

describe('wrong usage, and nothing is written', () => {
  it.each([
    'step_000100/target.npy',
    './mine/../step_000100/target.npy',
    'mine/up/step_000100/target.npy',
    'mine/link',
    'mine/hard',
    'step_000100/TARGET.npy',
    'step_000200/prediction.npy',
    'step_000100/kl_reg.json',
  ])('-o json=%s over an input', async (path) => {
    expect(await refused('check', '.', '-o', `json=${path}`)).toMatch(
      /would replace (?:what is read|a file that is not a report)/,
    );
    await refused('check', '.', '-o', 'csv=r.csv', '-o', `json=${path}`, '--json');
  });

  it('what is data, also where this check does not read it', async () => {
    await refused('check', '.', '--last', '1', '-o', 'json=step_000100/target.npy');
    await refused('check', '.', '--steps', '200', '-o', 'html=mine/link');
    await refused('check', '.', '-o', 'csv=weights.pt');
  });

  it('the page over an input, and a sentinel', async () => {
    await refused('report', '.', '-o', 'step_000100/target.npy');
    await refused('watch', '.', '--interval', '20ms', '--sentinel', 'mine/hard');
  });

  it.each([
    ['-o', 'json=r.json', '-o', 'csv=./r.json'],
    ['-o', 'json=r.json', '-o', 'csv=mine/up/r.json'],
    ['-o', 'json=r.json', '-o', 'csv=R.JSON'],
    ['-o', 'json=new/r.json', '-o', 'csv=new/../new/r.json'],
    ['-o', 'json=later.json', '-o', 'csv=mine/to-come'],
    ['-o', 'json=state.json', '--state', 'state.json'],
    ['-o', 'json=mine/up/state.json', '--state', './state.json'],
  ])('%s %s %s %s, which are one file', async (...argv) => {
    expect(await refused('check', '.', ...argv)).toContain('would be written to one file');
  });

  it('a sentinel that is the state or an output', async () => {
    await refused('watch', '.', '--sentinel', 's', '--state', './s');
    await refused('watch', '.', '--sentinel', 's', '-o', 'json=mine/up/s');
  });

  it('records that are judged', async () => {
    const { stdout } = await collapse(['measure', '.'], { cwd });
    const at = folder({ 'r.ndjson': stdout });
    const { code } = await collapse(['gate', 'r.ndjson', '-o', 'ndjson=./r.ndjson'], { cwd: at });
    expect([code, readFileSync(join(at, 'r.ndjson'), 'utf8')]).toEqual([2, stdout]);
  });

  it('records on standard input, where it is a file', async () => {
    const { stdout } = await collapse(['measure', '.'], { cwd });
    const at = folder({ 'r.ndjson': stdout });
    const stdin = openSync(join(at, 'r.ndjson'), 'r');
    const argv = ['gate', '-', '-o', 'ndjson=r.ndjson'];
    const { code, stderr } = await executable(argv, { cwd: at, stdio: [stdin, 'pipe', 'pipe'] });
    closeSync(stdin);
    expect([code, readFileSync(join(at, 'r.ndjson'), 'utf8')]).toEqual([2, stdout]);
    expect(stderr).toContain('-o ndjson=r.ndjson would replace what is read');
    expect((await executable(argv, { cwd: at, input: stdout })).code).toBe(0);
  });

  it('either side of a diff, a reference, and a run that calibrate looks at', async () => {
    const { stdout } = await collapse(['measure', '.'], { cwd });
    const [a, b, bad] = ['a', 'b', 'bad'].map((run, i) =>
      stdout.replaceAll('"run":"."', `"run":"${run}"`).replace(/0\.(\d)(\d+)/g, `0.$1${i}$2`),
    );
    cwd = folder({ 'a.ndjson': a!, 'b.ndjson': b!, 'bad.ndjson': bad! });
    await refused('diff', 'a.ndjson', 'b.ndjson', '-o', 'json=a.ndjson');
    await refused('diff', 'a.ndjson', 'b.ndjson', '-o', 'json=b.ndjson');
    await refused('gate', 'a.ndjson', '--reference', 'b.ndjson', '-o', 'json=b.ndjson');
    await refused(
      ...['calibrate', 'a.ndjson', 'b.ndjson', '--alpha', '0.5', '-o', 'bad.ndjson'],
      '--bad',
      'bad.ndjson',
    );
    const argv = [
      'calibrate',
      'a.ndjson',
      'b.ndjson',
      '--alpha',
      '0.5',
      '-o',
      'n.json',
      '--bad',
      'bad.ndjson',
    ];
    expect(await collapse(argv, { cwd })).toMatchObject({ code: 0 });
    await refused('diff', 'n.json', 'b.ndjson', '-o', 'json=n.json');
  });
});

it('a report of an earlier check beside the inputs is replaced', async () => {
  for (let i = 0; i < 2; i++) {
    expect((await collapse(['check', '.', '-q', '-o', 'json=step_000100/r.json'], { cwd })).code).toBe(0);
  }
});
