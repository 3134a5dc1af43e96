import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutActs } from '#options/config/found-config.js';
import { FLAGS, type FlagName, type FlagValues } from '#options/flags.js';
import { collapse } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';
import { FAST } from '../support/watching.js';

const runs = (name: string) =>
  Object.fromEntries(
    Object.entries({ ...step(100, 1), ...step(200, 0.1, 0.1), ...step(300, 0.1, 0.1) }).map(
      ([path, bytes]) => [`${name}/${path}`, bytes],
    ),
  );
const json = (value: unknown) => JSON.stringify(value);
const env = { PATH: process.env.PATH ?? '', HOME: '/nowhere' };
const isRoot = process.geteuid?.() === 0;

describe('a configuration that was found', () => {
  const acting = {
    onAlert: 'echo ran > ran',
    sentinel: 'STOP',
    state: 'state.json',
    output: ['json=r.json', 'table'],
    timeout: '1h',
    interval: '1h',
    keepWatching: true,
  };
  const argv = ['watch', 'run', ...FAST, '--timeout', '3s'];

  it('runs nothing and writes nothing, and says what of it is not taken', async () => {
    const cwd = folder({ 'up/collapse.config.json': json(acting), 'collapse.json': '', ...runs('up/a/run') });
    const here = join(cwd, 'up/a');
    const { code, stderr } = await collapse(argv, { cwd: here, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /warning: \.\.\/collapse\.config\.json was found, not named, so timeout, interval, onAlert, sentinel, keepWatching, state, output of it is not taken/,
    );
    expect([readdirSync(here), readdirSync(join(cwd, 'up'))]).toEqual([
      ['run'],
      ['a', 'collapse.config.json'],
    ]);
  });

  it.each([
    ['it is named', ['--config', '../collapse.config.json']],
    ['it is trusted', ['--trust-config']],
  ])('does both where %s', async (_, flags) => {
    const cwd = folder({
      'up/collapse.config.json': json({ ...acting, keepWatching: false }),
      ...runs('up/a/run'),
    });
    const here = join(cwd, 'up/a');
    const { code, stderr } = await collapse([...argv, ...flags], { cwd: here, env });
    expect([code, stderr]).toEqual([1, '']);
    expect(readdirSync(here)).toEqual(['STOP', 'r.json', 'ran', 'run', 'state.json']);
  });

  it('leaves it to an explicit list what a found one can set', () => {
    const all = Object.fromEntries(
      Object.keys(FLAGS).map((name) => [name, name === 'output' ? [{ format: 'json', path: 'x' }] : true]),
    ) as FlagValues;
    const { refused } = withoutActs(all);
    const writes = (Object.keys(FLAGS) as FlagName[]).filter((name) => {
      const { syntax, summary } = FLAGS[name];
      return /<file>|<command>|=path/.test(syntax) && !/settings as JSON|judge beside runs/.test(summary);
    });
    expect(refused).toEqual(expect.arrayContaining(writes));
  });

  it.each([
    [{ failOn: 'never' }, 0, 'failOn never'],
    [{ exitZero: true }, 0, 'exitZero'],
    [{ judge: 'latest' }, 1, 'judge latest'],
    [{ preset: 'jepa' }, 1, 'preset jepa'],
    [{ preset: ['none'], failIf: 'pred_var_per_dim < 0' }, 0, 'preset none, failIf'],
    [{ pairwiseToInitial: 0.001, predVarToTargetVar: 0.001 }, 1, 'predVarToTargetVar, pairwiseToInitial'],
    [{ ignore: ['jepa.target_scale_lost', 'jepa.target_scale_drawdown'] }, 0, 'ignore'],
    [{ after: 10_000 }, 4, 'after'],
    [{ steps: '..100', threads: 1 }, 0, 'steps'],
  ])('is named in the verdict where it changes its meaning: %j', async (config, exit, sets) => {
    const cwd = folder({ 'collapse.config.json': json(config), ...runs('run') });
    const said = `collapse.config.json sets ${sets}`;
    for (const quiet of [[], ['-q']]) {
      const { code, stdout } = await collapse(['check', 'run', ...quiet], { cwd, env });
      expect(code).toBe(exit);
      expect(stdout.trimEnd().split('\n').at(-1)).toContain(said);
    }
    const { stdout } = await collapse(['check', 'run', '--json'], { cwd, env });
    const report = JSON.parse(stdout);
    expect(report.configuration).toEqual({ path: 'collapse.config.json', sets: sets.split(', ') });
    expect(report.exitReason).toContain(said);
    const named = await collapse(['check', 'run', '--config', 'collapse.config.json'], { cwd, env });
    expect(named.stdout).not.toContain(said);
  });

  it.each(['junit', 'github', 'markdown', 'html', 'sarif'])('is named in -o %s', async (format) => {
    const cwd = folder({ 'collapse.config.json': json({ failOn: 'never' }), ...runs('run') });
    const { stdout } = await collapse(['check', 'run', '-o', format], { cwd, env });
    expect(stdout).toContain('collapse.config.json sets failOn never');
  });

  it('is not named where a flag takes its place, or it changes looks alone', async () => {
    const cwd = folder({
      'collapse.config.json': json({ failOn: 'never', ascii: true, threads: 1 }),
      ...runs('run'),
    });
    const { code, stdout } = await collapse(['check', 'run', '--fail-on', 'error'], { cwd, env });
    expect(code).toBe(1);
    expect(stdout).not.toContain('collapse.config.json');
  });
});

describe('what is not taken at all', () => {
  const loose = json({ failOn: 'never' });
  const check = (cwd: string, home = '/nowhere') => collapse(['check', 'run'], { cwd, env: { HOME: home } });

  it('lies above the repository or the home', async () => {
    const cwd = folder({
      'collapse.config.json': loose,
      'a/.git': '',
      ...runs('a/b/run'),
      ...runs('home/c/run'),
    });
    expect((await check(join(cwd, 'a/b'))).code).toBe(1);
    expect((await check(join(cwd, 'home/c'), join(cwd, 'home'))).code).toBe(1);
    symlinkSync('home', join(cwd, 'link'));
    expect((await check(join(cwd, 'home/c'), join(cwd, 'link'))).code).toBe(1);
    expect((await check(join(cwd, 'home/c'))).code).toBe(0);
  });

  it('leads out of the repository', async () => {
    const cwd = folder({ 'collapse.config.json': loose, 'a/.git': '', ...runs('a/b/run') });
    symlinkSync('../collapse.config.json', join(cwd, 'a/collapse.config.json'));
    const { code, stderr } = await check(join(cwd, 'a/b'));
    expect(code).toBe(1);
    expect(stderr).toContain('../collapse.config.json is not taken, because it lies outside');
    writeFileSync(join(cwd, 'a/b/collapse.config.json'), json({ extends: '../../collapse.config.json' }));
    const extended = await check(join(cwd, 'a/b'));
    expect(extended.code).toBe(2);
    expect(extended.stderr).toContain('that collapse.config.json extends is not taken: it lies outside');
    expect((await collapse(['check', 'run', '--trust-config'], { cwd: join(cwd, 'a/b') })).code).toBe(0);
  });

  it.skipIf(!isRoot)('belongs to another user; what lies above it is', async () => {
    const cwd = folder({
      'collapse.config.json': json({ exitZero: true }),
      'a/collapse.config.json': loose,
      'a/package.json': json({ collapse: { failOn: 'never' } }),
      ...runs('a/run'),
    });
    for (const name of ['collapse.config.json', 'package.json'])
      chownSync(join(cwd, 'a', name), 12345, 12345);
    const { code, stdout, stderr } = await check(join(cwd, 'a'));
    expect(code).toBe(0);
    expect(stdout).toContain('../collapse.config.json sets exitZero');
    expect(stderr).toContain('collapse.config.json is not taken, because it belongs to another user');
    chownSync(join(cwd, 'collapse.config.json'), 12345, 12345);
    expect((await check(join(cwd, 'a'))).code).toBe(1);
    const trusted = await collapse(['check', 'run', '--trust-config'], { cwd: join(cwd, 'a'), env });
    expect(trusted.code).toBe(1);
    const named = await collapse(['check', 'run', '--config', 'collapse.config.json'], {
      cwd: join(cwd, 'a'),
      env,
    });
    expect(named.code).toBe(0);
  });

  it.skipIf(process.platform === 'win32')('is a FIFO', async () => {
    const cwd = folder(runs('run'));
    for (const name of ['collapse.config.json', 'package.json']) execFileSync('mkfifo', [join(cwd, name)]);
    const { code, stderr } = await check(cwd);
    expect(code).toBe(1);
    expect(stderr).toContain('it is not a regular file');
  });
});

describe('extends', () => {
  const refused = async (cwd: string) => {
    const { code, stdout, stderr } = await collapse(['check', 'run', '--config', 'c.json', '--verbose'], {
      cwd,
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error[E120]');
    return stderr;
  };

  it('reads each file once, however many lead to it', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `c${i}.json`,
        json({ extends: Array(9).fill(`c${i + 1}.json`) }),
      ]),
    );
    const cwd = folder({ ...files, 'c40.json': json({ klRegMax: 3 }), ...runs('run') });
    const { stdout } = await collapse(['check', 'run', '--config', 'c0.json', '--json'], { cwd });
    expect(JSON.parse(stdout).thresholds.kl_reg_max).toBe(3);
  });

  it('sees a circle through links and folders', async () => {
    const cwd = folder({ 'c.json': json({ extends: 'sub/d.json' }), 'd/x': '' });
    symlinkSync('.', join(cwd, 'sub'));
    symlinkSync('c.json', join(cwd, 'd.json'));
    expect(await refused(cwd)).toContain('extends goes in a circle: c.json -> sub/d.json');
  });

  it('ends, however long the chain', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`${i}.json`, json({ extends: `${i + 1}.json` })]),
    );
    const cwd = folder({ ...files, 'c.json': json({ extends: '0.json' }) });
    expect(await refused(cwd)).toContain('extends leads to more than 100 files');
  });

  it
    .skipIf(process.platform === 'win32')
    .each(['/dev/zero', '/dev/stdin', 'fifo', '/proc/self/mem', 'folder', 'loop'])(
    'refuses %s',
    async (name) => {
      const cwd = folder({ 'c.json': json({ extends: name }), 'folder/x': '' });
      execFileSync('mkfifo', [join(cwd, 'fifo')]);
      symlinkSync('loop', join(cwd, 'loop'));
      await refused(cwd);
    },
  );

  it.each([
    ['no JSON', 'root:swordfish:0:0:/root:/bin/sh\n'],
    ['a JSON string', '"swordfish"'],
    ['an object of other keys', json({ swordfish: 1, failOn: 'swordfish' })],
    ['an object of other values', json({ failOn: 'swordfish', user: 'x' })],
    ['an array', '["swordfish"]'],
    ['cut', '{"failOn": "swordfish'],
  ])('quotes nothing of what is %s', async (_, text) => {
    const cwd = folder({ 'c.json': json({ extends: 'other' }), other: text });
    expect(await refused(cwd)).not.toContain('swordfish');
  });

  it('says where JSON ends to be JSON', async () => {
    const cwd = folder({ 'c.json': '{\n  "klRegMax": 3\n  "after": 1\n}' });
    expect(await refused(cwd)).toContain('this is not JSON: line 3, column 3');
  });
});

it('a configuration is not written over', async () => {
  const cwd = folder({ 'c.json': '{}', ...runs('run') });
  const { code } = await collapse(['check', 'run', '--config', 'c.json', '-o', 'json=./c.json'], { cwd });
  expect([code, readFileSync(join(cwd, 'c.json'), 'utf8')]).toEqual([2, '{}']);
  mkdirSync(join(cwd, 'x'));
  expect(existsSync(join(cwd, 'r.json'))).toBe(false);
});
