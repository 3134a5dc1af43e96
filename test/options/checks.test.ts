import { describe, expect, it } from 'vitest';
import { UsageError } from '#errors.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import { outputsOf } from '#options/plan/outputs.js';
import { planOf } from '#options/plan/plan-of.js';
import { terminalFor } from '#options/terminal.js';
import { parseRule } from '#rules/language/parse-rule.js';

describe('what to measure', () => {
  it('fills the defaults in', () => {
    expect(planOf('measure', {}, ['a']).measuring).toMatchObject({
      paths: ['a'],
      maxMemory: 2 ** 31,
      klReg: 'auto',
      klFrom: 'target',
      pairwise: 'auto',
      seed: 0,
      failFast: false,
    });
  });

  it.each([
    ['no path and no pattern', [], {}],
    ['--pred without --target', [], { pred: 'p_{step}.npy' }],
    ['--target pattern without --pred', ['a'], { target: 't.npy' }],
    ['--fail-fast with --keep-going', ['a'], { failFast: true, keepGoing: true }],
  ])('refuses %s', (_, paths, flags) => {
    expect(() => planOf('check', flags, paths)).toThrow(UsageError);
  });

  it('takes patterns alone, and --target none with a path', () => {
    expect(planOf('measure', { pred: 'p', target: 't' }, []).measuring).toMatchObject({
      pred: 'p',
      target: 't',
    });
    expect(planOf('measure', { target: 'none' }, ['a']).measuring).toMatchObject({ target: 'none' });
  });
});

describe('how to judge', () => {
  it("defaults to jepa beside the reference's thresholds, and to every step after 0", () => {
    expect(judgePlanOf({})).toEqual({
      presets: [
        { id: 'rfc-0005', level: 'warn', atError: ['kl_reg'] },
        { id: 'jepa', level: 'error', quiet: true },
      ],
      rules: [],
      outside: [],
      reference: null,
      ignored: [],
      predVarToTargetVar: 0.5,
      pairwiseToInitial: 0.5,
      klRegMax: 10,
      initialPairwisePredDistMean: null,
      logEverySteps: 1,
      after: null,
      judge: 'all',
      failOn: 'error',
      onUnavailable: 'skip',
      exitZero: false,
    });
  });
});

describe('rules and presets', () => {
  const rule = (text: string, level: 'error' | 'warn') => parseRule(text, level);

  it('count once, and at the graver level', () => {
    const failIf = [rule('kl_reg > 3', 'error'), rule('kl_reg>3.0', 'error')];
    const warnIf = [rule('kl_reg > 3', 'warn'), rule('kl_reg > 2', 'warn')];
    expect(judgePlanOf({ failIf, warnIf }).rules).toEqual([failIf[0], warnIf[1]]);
  });

  it('named presets are judged at error, once each', () => {
    const { presets } = judgePlanOf({ preset: ['rfc-0005', 'rfc-0005'] });
    expect(presets).toEqual([{ id: 'rfc-0005', level: 'error' }]);
  });

  it('refuses to judge by nothing, and none beside a preset', () => {
    expect(() => judgePlanOf({ preset: ['none'] })).toThrow(UsageError);
    expect(() => judgePlanOf({ preset: ['none', 'rfc-0005'] })).toThrow(UsageError);
    expect(judgePlanOf({ preset: ['none'], failIf: [rule('kl_reg > 3', 'error')] }).presets).toEqual([]);
  });
});

describe('outputsOf', () => {
  it('prints a table unless something else is asked for', () => {
    expect(outputsOf({})).toEqual([{ format: 'table', path: null }]);
    expect(outputsOf({ json: true })).toEqual([{ format: 'json', path: null }]);
  });

  it('still prints the table beside files', () => {
    const file = { format: 'json', path: 'r.json' } as const;
    expect(outputsOf({ output: [file] })).toEqual([file, { format: 'table', path: null }]);
  });

  it('takes --json and -o json as one', () => {
    expect(outputsOf({ json: true, output: [{ format: 'json', path: null }] })).toHaveLength(1);
  });

  it('refuses two reports on stdout, and two in one file', () => {
    expect(() => outputsOf({ json: true, output: [{ format: 'table', path: null }] })).toThrow(UsageError);
    const twice = { format: 'json', path: 'r' } as const;
    expect(() => outputsOf({ output: [twice, { ...twice, format: 'table' }] })).toThrow(UsageError);
  });
});

describe('terminalFor', () => {
  const tty = { isTTY: true, columns: 120 };
  const pipe = { isTTY: false };

  it.each([
    ['a terminal', tty, {}, undefined, true],
    ['a pipe', pipe, {}, undefined, false],
    ['NO_COLOR', tty, { NO_COLOR: '1' }, undefined, false],
    ['an empty NO_COLOR', tty, { NO_COLOR: '' }, undefined, true],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, undefined, true],
    ['an empty FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '' }, undefined, true],
    ['FORCE_COLOR=0 on a terminal', tty, { FORCE_COLOR: '0' }, undefined, false],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, undefined, true],
    ['--color never over FORCE_COLOR', tty, { FORCE_COLOR: '1' }, 'never', false],
    ['--color always over NO_COLOR', pipe, { NO_COLOR: '1' }, 'always', true],
    ['a dumb terminal', tty, { TERM: 'dumb' }, undefined, false],
  ] as const)('colour: %s', (_, stream, env, color, expected) => {
    expect(terminalFor(stream, env, color === undefined ? {} : { color }).color).toBe(expected);
  });

  it.each([
    ['the terminal', tty, {}, undefined, 120],
    ['COLUMNS', tty, { COLUMNS: '100' }, undefined, 100],
    ['--width', tty, { COLUMNS: '100' }, 60, 60],
    ['nothing', pipe, {}, undefined, 80],
    ['a senseless COLUMNS', pipe, { COLUMNS: 'wide' }, undefined, 80],
    ['too narrow', pipe, {}, 3, 40],
  ] as const)('width: %s', (_, stream, env, width, expected) => {
    expect(terminalFor(stream, env, width === undefined ? {} : { width }).width).toBe(expected);
  });
});
