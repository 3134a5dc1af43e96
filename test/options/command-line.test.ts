import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '#options/command-line.js';
import { COMMANDS } from '#options/commands.js';
import { flagsOf } from '#options/flags.js';
import { usageErrorOf } from '../support/thrown.js';

const parse = (...argv: string[]) => parseCommandLine(argv, { version: '1.2.3', width: 80 });

const usageError = (...argv: string[]) => usageErrorOf(() => parse(...argv));

describe('parseCommandLine', () => {
  it('reads paths and flags in any order', () => {
    expect(parse('check', 'a', '--after', '10', 'b', '--json')).toEqual({
      kind: 'run',
      command: 'check',
      paths: ['a', 'b'],
      flags: { after: 10, json: true },
    });
  });

  it('has no value for a flag that was not written', () => {
    expect(parse('check', 'a')).toMatchObject({ flags: {} });
  });

  it('collects repeated outputs', () => {
    expect(parse('check', 'a', '-o', 'json=r.json', '--output', 'table')).toMatchObject({
      flags: {
        output: [
          { format: 'json', path: 'r.json' },
          { format: 'table', path: null },
        ],
      },
    });
  });

  it('knows --no-progress', () => {
    expect(parse('check', 'a', '--no-progress')).toMatchObject({ flags: { noProgress: true } });
  });

  it('takes negative numbers as values', () => {
    expect(parse('check', 'a', '--kl-reg', '-2.5')).toMatchObject({ flags: { klReg: -2.5 } });
  });

  it('takes what follows -- as paths', () => {
    expect(parse('check', '--', '--json')).toMatchObject({ paths: ['--json'], flags: {} });
  });

  it('prints the version and help as text', () => {
    expect(parse('--version')).toEqual({ kind: 'text', text: '1.2.3\n' });
    expect(parse('--help')).toMatchObject({ kind: 'text' });
    expect(parse('check', '--help')).toMatchObject({ kind: 'text' });
  });

  it.each([
    [['-V'], '--version'],
    [['-v'], '--version'],
    [['-h'], '--help'],
    [['help'], '--help'],
    [['help', '--help'], '--help'],
  ])('%j is %s', (argv, same) => {
    expect(parse(...argv)).toEqual(parse(same));
  });

  it.each([
    ['check', '-h'],
    ['help', 'check'],
  ])('%s %s is the help of check', (...argv) => {
    expect(parse(...argv)).toEqual(parse('check', '--help'));
  });

  it('-v of a command is --verbose', () => {
    expect(parse('check', 'a', '-v')).toMatchObject({ flags: { verbose: true } });
  });

  it('without a command shows usage', () => {
    expect(parse()).toMatchObject({ kind: 'usage' });
  });
});

describe('help', () => {
  it.each(COMMANDS.map(({ name }) => name))('of %s names every flag of its table', (name) => {
    const help = parse(name, '--help');
    if (help.kind !== 'text') throw new Error('no help');
    for (const [, flag] of flagsOf(name)) expect(help.text).toContain(flag.syntax);
  });

  const texts = [[], ...COMMANDS.map(({ name }) => [name])].map((argv) => [argv.join(' '), argv] as const);
  it.each(texts)(
    'of "%s" fits its width and breaks no word, ends with examples and exit codes',
    (_, argv) => {
      const words = (text: string) => text.split(/\s+/).filter(Boolean).sort();
      const textAt = (width: number) => {
        const help = parseCommandLine([...argv, '--help'], { version: '1.2.3', width });
        if (help.kind !== 'text') throw new Error('no help');
        return help.text;
      };
      const whole = textAt(1000);
      expect(whole).toMatch(/\nExamples:\n( {2}\S.*\n)+\nExit codes:\n {2}0 .*\n( {2}\d+ .*\n?)+$/);
      for (const width of [60, 80, 120, 200]) {
        const help = textAt(width);
        expect(words(help)).toEqual(words(whole));
        // Lines to paste stay whole.
        const prose = help.slice(0, help.indexOf('\nExamples:'));
        expect(prose.split('\n').filter((line) => line.length > width)).toEqual([]);
      }
      expect(
        textAt(80)
          .split('\n')
          .filter((line) => line.length > 80),
      ).toEqual([]);
    },
  );

  it('lists every command', () => {
    const help = parse('--help');
    if (help.kind !== 'text') throw new Error('no help');
    for (const { name } of COMMANDS) expect(help.text).toContain(`\n  ${name} `);
  });
});

describe('what it refuses', () => {
  it('an unknown option, with the nearest name', () => {
    const error = usageError('check', 'a', '--jsno');
    expect(error.code).toBe('E101');
    expect(error.message).toBe("unknown option '--jsno'");
    expect(error.hint).toBe('did you mean --json?');
  });

  it.each([
    ['--prediction', 'did you mean --pred?'],
    ['--junit', 'did you mean -o junit?'],
    ['--qqqqqqqq', 'run `collapse check --help` for what it takes'],
  ])('%s: %s', (option, hint) => {
    expect(usageError('check', 'a', option)).toMatchObject({ code: 'E101', hint });
  });

  it('a word that an option does not take, with those it does and the nearest', () => {
    expect(usageError('check', 'a', '--preset', 'jeppa')).toMatchObject({
      message: "--preset takes rfc-0005, jepa or none, not 'jeppa'",
      hint: 'did you mean jepa?',
    });
  });

  it('an unknown command, with the nearest name', () => {
    expect(usageError('chekc', 'a')).toMatchObject({ code: 'E101', hint: 'did you mean check?' });
  });

  it('help of an unknown command, with the nearest name', () => {
    expect(usageError('help', 'chekc')).toMatchObject({ code: 'E101', hint: 'did you mean check?' });
  });

  it('a path where the command belongs', () => {
    expect(usageError('runs/exp1')).toMatchObject({
      code: 'E101',
      hint: 'did you mean `collapse check runs/exp1`?',
    });
  });

  it('an option without its value', () => {
    expect(usageError('check', 'a', '--after')).toMatchObject({ code: 'E103' });
  });

  it('a level by the word that reports write', () => {
    expect(parse('check', 'a', '--fail-on', 'warning')).toMatchObject({ flags: { failOn: 'warn' } });
  });

  it('a flag of another command', () => {
    expect(usageError('measure', 'a', '--after', '3')).toMatchObject({ code: 'E101' });
  });

  it.each([
    ['--after', '-1'],
    ['--kl-reg-max', '0'],
    ['--pairwise-to-initial', 'NaN'],
    ['--judge', 'newest'],
    ['--fail-on', 'warnings'],
    ['--color', 'yes'],
    ['-o', 'xml'],
    ['-o', 'json='],
    ['--dtype', 'float16'],
    ['--width', '0'],
  ])('%s %s', (flag, value) => {
    expect(usageError('check', 'a', flag, value).code).toBe('E102');
  });
});
