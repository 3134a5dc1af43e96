import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '#options/command-line.js';
import { COMMANDS } from '#options/commands.js';
import { flagsOf } from '#options/flags.js';
import { plainCommandLine } from '#options/parse/plain-arguments.js';

/** What comes of a command line: what was parsed, or the error. */
function outcome(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    return { error: String(error) };
  }
}

const inFull = (argv: readonly string[]) =>
  outcome(() => parseCommandLine(argv, { version: '1.2.3', width: 80 }));

const VALUES = ['', '1', '-1', '0.5', 'json', 'json=r.json', 'html', 'all', 'pred_r2', 'x', 'auto', '2..9'];
const OTHERS = [
  'a',
  'runs/b',
  '-',
  '--',
  '-x',
  '-qv',
  '--nope',
  '--help',
  '-h',
  '--json=1',
  'help',
  '-ojson',
];

/** Command lines of a command's own flags, with and without values, and of words that are none. */
const commandLines = fc.constantFrom(...COMMANDS.map(({ name }) => name)).chain((name) => {
  const flags = flagsOf(name).flatMap(([, { syntax }]) => syntax.match(/(?<!\S)--?[\w-]+/g) ?? []);
  const flag = flags.length === 0 ? fc.constant('--json') : fc.constantFrom(...flags);
  const value = fc.constantFrom(...VALUES);
  const word = fc.oneof(
    { arbitrary: fc.tuple(flag, value), weight: 4 },
    { arbitrary: fc.tuple(flag), weight: 4 },
    { arbitrary: fc.tuple(flag, value).map(([one, text]) => [`${one}=${text}`]), weight: 2 },
    { arbitrary: fc.constantFrom(...OTHERS, ...VALUES).map((text) => [text]), weight: 3 },
  );
  return fc.array(word, { maxLength: 6 }).map((words) => [name as string, ...words.flat()]);
});

describe('plainCommandLine', () => {
  it('reads what it takes as the whole parser does, its errors too', () => {
    let taken = 0;
    fc.assert(
      fc.property(commandLines, (argv) => {
        const plain = outcome(() => plainCommandLine(argv)) as { read?: unknown };
        if (plain.read === null) return;
        taken++;
        expect(plain).toEqual(inFull(argv));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it.each([
    [['check', 'a', '--json']],
    [['check', 'a', '-o', 'json=r.json', '--output=table', '--metrics', 'all', '-q']],
    [['check', '--kl-reg', '-2.5', 'a', '--no-mask']],
    [['measure', 'a', 'b', '--threads', '2']],
  ])('takes %j', (argv) => {
    expect(outcome(() => plainCommandLine(argv))).toEqual(inFull(argv));
  });

  it.each([
    [[]],
    [['--version']],
    [['chekc', 'a']],
    [['check', '--help']],
    [['check', '--jsno']],
    [['check', '--after']],
    [['check', '--', '--json']],
    [['completion', 'bash']],
    [['watch', 'a', '--serve']],
    [['calibrate', 'a', '--bad', 'b', 'c']],
  ])('leaves %j to the whole parser', (argv) => {
    expect(plainCommandLine(argv)).toBeNull();
  });
});
