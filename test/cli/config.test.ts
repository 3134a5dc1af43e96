import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';

const RUN = { ...step(100, 1), ...step(200, 0.8) };
const json = (value: unknown) => JSON.stringify(value);

async function rulesOf(args: readonly string[], cwd: string): Promise<string[]> {
  const { stdout, stderr } = await collapse(['check', ...args, '--json'], { cwd });
  expect(stderr).toBe('');
  return JSON.parse(stdout).rules.map(({ expression }: { expression: string }) => expression);
}

async function refusal(config: unknown, ...args: string[]): Promise<string> {
  const text = typeof config === 'string' ? config : json(config);
  const cwd = folder({ 'collapse.config.json': text, 'run/x': '' });
  const { code, stdout, stderr } = await collapse(['check', 'run', ...args], { cwd });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('error[E120]');
  expect(stderr).toContain('--> collapse.config.json\n');
  return stderr;
}

describe('a configuration is found', () => {
  const config = json({ preset: 'none', failIf: 'pred_var_per_dim < 0.9' });

  it('upwards, as collapse.config.json', async () => {
    const cwd = folder({ ...RUN, 'collapse.config.json': config, 'a/b/x': '' });
    expect(await rulesOf(['../..'], join(cwd, 'a/b'))).toEqual(['pred_var_per_dim < 0.9']);
  });

  it('in package.json, where it has the key', async () => {
    const manifest = json({ name: 'x', collapse: JSON.parse(config) });
    const cwd = folder({ ...RUN, 'package.json': manifest, 'a/package.json': '{"name":"a"}' });
    expect(await rulesOf(['..'], join(cwd, 'a'))).toEqual(['pred_var_per_dim < 0.9']);
  });

  it('not above the root of the repository', async () => {
    const cwd = folder({ ...RUN, 'collapse.config.json': config, 'repo/.git/HEAD': '', 'repo/a/x': '' });
    expect(await rulesOf(['../..'], join(cwd, 'repo/a'))).toEqual(await rulesOf(['.'], folder(RUN)));
  });

  it('by --config, whatever lies nearer', async () => {
    const cwd = folder({ ...RUN, 'collapse.config.json': 'not JSON', 'conf/other.json': config });
    expect(await rulesOf(['.', '--config', 'conf/other.json'], cwd)).toEqual(['pred_var_per_dim < 0.9']);
    const { code, stderr } = await collapse(['check', '.', '--config', 'missing.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('error[E120] the configuration cannot be read');
  });
});

describe('the order is flags, configuration, defaults', () => {
  it('key by key', async () => {
    const cwd = folder({ ...RUN, 'collapse.config.json': json({ klRegMax: 3, pairwiseToInitial: 0.9 }) });
    const { code, stdout } = await collapse(['check', '.', '--kl-reg-max', '4', '--json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).thresholds).toEqual({
      pred_var_to_target_var: 0.5,
      pairwise_to_initial: 0.9,
      kl_reg_max: 4,
    });
  });

  it('where two flags say the same thing, the nearer one', async () => {
    const cwd = folder({ ...RUN, 'collapse.config.json': json({ json: true, failFast: true }) });
    expect((await collapse(['check', '.'], { cwd })).stdout).toMatch(/^\{/);
    expect((await collapse(['check', '.', '-o', 'table', '--keep-going'], { cwd })).stdout).toMatch(
      /^EARLY \./,
    );
  });

  it('measure takes of it what it knows', async () => {
    const cwd = folder({
      ...RUN,
      'collapse.config.json': json({ steps: '200', klReg: 1.5, failOn: 'warn' }),
    });
    const { code, stdout } = await collapse(['measure', '.'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ step: 200, metrics: { kl_reg: 1.5 } });
  });
});

describe('extends', () => {
  it('lays later files on earlier ones and the file itself on all, relative to it', async () => {
    const cwd = folder({
      ...RUN,
      'collapse.config.json': json({ extends: ['conf/a.json', 'conf/b.json'], klRegMax: 7 }),
      'conf/a.json': json({ klRegMax: 1, predVarToTargetVar: 0.1, exitZero: true }),
      'conf/b.json': json({ extends: 'c.json', predVarToTargetVar: 0.2 }),
      'conf/c.json': json({ pairwiseToInitial: 0.95, exitZero: false }),
    });
    const { code, stdout } = await collapse(['check', '.', '--json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).thresholds).toEqual({
      pred_var_to_target_var: 0.2,
      pairwise_to_initial: 0.95,
      kl_reg_max: 7,
    });
  });

  it('in a circle is refused, and so is a missing file', async () => {
    const cwd = folder({
      'collapse.config.json': json({ extends: 'a.json' }),
      'a.json': json({ extends: './collapse.config.json' }),
    });
    const { code, stderr } = await collapse(['check', '.'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('collapse.config.json -> a.json -> collapse.config.json');
    writeFileSync(join(cwd, 'a.json'), json({ extends: 'nowhere.json' }));
    expect((await collapse(['check', '.'], { cwd })).stderr).toContain('--> nowhere.json');
  });
});

describe('what it refuses, with the file and the key', () => {
  it.each<[string, unknown, string]>([
    [
      'an unknown key',
      { failif: [] },
      'unknown key failif\n  --> collapse.config.json\n  help: did you mean failIf?',
    ],
    ['a flag as it is written', { '--kl-reg-max': 3 }, 'did you mean klRegMax?'],
    ['a flag of the command line alone', { config: 'x' }, 'unknown key config'],
    ['a value of the wrong type', { klRegMax: '3' }, 'klRegMax must be a number, not a string'],
    ['null', { failOn: null }, 'failOn must be a string, not null'],
    [
      'a value its flag refuses',
      { failOn: 'never ever' },
      "failOn takes error, warn or never, not 'never ever'",
    ],
    [
      'a number its flag refuses',
      { pairwiseToInitial: 0 },
      "pairwiseToInitial takes a number above 0, not '0'",
    ],
    ['a switch that is not true or false', { exitZero: 1 }, 'exitZero must be a boolean, not a number'],
    ['an array for one value', { klRegMax: [3] }, 'klRegMax must be a number, not an array'],
    ['extends that is no name', { extends: [3] }, 'extends must be the name of a file'],
    ['text that is not JSON', '{ "failOn": }', 'this is not JSON'],
    ['no object', '[]', 'the file must be an object, not an array'],
  ])('%s', async (_, config, message) => {
    expect(await refusal(config)).toContain(message);
  });

  it('a rule, with its caret', async () => {
    expect(await refusal({ failIf: ['kl_reg > 3', 'kl_reg > ten'] })).toContain(
      "failIf[1]: 'ten' is not a number\n  --> collapse.config.json\n    kl_reg > ten\n             ^^^\n",
    );
  });

  it('a key under `collapse` of package.json', async () => {
    const cwd = folder({ 'package.json': json({ collapse: { failOnn: 'warn' } }) });
    mkdirSync(join(cwd, 'run'));
    const { code, stderr } = await collapse(['check', 'run'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'unknown key collapse.failOnn\n  --> package.json\n  help: did you mean failOn?',
    );
  });
});

describe('the published schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(new URL('../../schema/config.schema.json', import.meta.url), 'utf8')),
  );

  it.each<[boolean, unknown]>([
    [true, { $schema: './config.schema.json', extends: ['a.json'], failIf: ['kl_reg > 3'], preset: 'none' }],
    [true, { klReg: 3, steps: '0..5', maxMemory: 1e9, exitZero: true, output: ['table', 'json=r.json'] }],
    [false, { failif: 'kl_reg > 3' }],
    [false, { klRegMax: '3' }],
    [false, { failOn: 'always' }],
  ])('%s for %j', (valid, config) => {
    expect(validate(config)).toBe(valid);
  });
});
