import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandBraces } from '#discovery/paths/brace.js';
import { isPattern } from '#discovery/paths/given-paths.js';
import { matchPattern } from '#discovery/paths/pattern.js';
import { compileSegment, matchSegment } from '#discovery/paths/segment.js';
import { memoryTree } from './memory-tree.js';

const matches = (pattern: string, name: string): boolean =>
  matchSegment(compileSegment(pattern), name, null).length > 0;

describe('one segment', () => {
  test.each([
    ['*.npy', 'a.npy', true],
    ['*.npy', '.npy', false],
    ['*', '.hidden', false],
    ['.*', '.hidden', true],
    ['?', '😀', true],
    ['??', 'a', false],
    ['[abc]x', 'bx', true],
    ['[!abc]x', 'bx', false],
    ['[^abc]x', 'dx', true],
    ['[a-c]', 'b', true],
    ['[a-c]', '-', false],
    ['[]]', ']', true],
    ['[ab', '[ab', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a*b*c', 'aXbXbc', true],
    ['a*b*c', 'aXbXbcd', false],
    ['{x}', '{x}', true],
    ['*', 'new\nline', true],
    ['', '', true],
  ])('%s on %s: %s', (pattern, name, expected) => expect(matches(pattern, name)).toBe(expected));

  test('{step} is a whole run of digits', () => {
    const steps = (pattern: string, name: string, bound: string | null = null): (string | null)[] =>
      matchSegment(compileSegment(pattern), name, bound);
    expect(steps('*{step}.npy', 'a1b0500.npy')).toEqual(['500']);
    expect(steps('p{step}*', 'p1500x')).toEqual(['1500']);
    expect(steps('1{step}', '123')).toEqual([]);
    expect(steps('{step}-{step}', '05-5')).toEqual(['5']);
    expect(steps('{step}-{step}', '5-6')).toEqual([]);
    expect(steps('*_{step}_*_{step}', 'a_1_b_2_c_2')).toEqual(['2']);
    expect(steps('p{step}', 'p0007', '7')).toEqual(['7']);
    expect(steps('p{step}', 'p8', '7')).toEqual([]);
  });

  test('agrees with a reference regular expression', () => {
    const piece = fc.constantFrom('a', 'b', '.', '*', '?', '[ab]', '[!a]', '1');
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '1', '\n'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), name, (pieces, text) => {
        const source = pieces.map((one) => {
          if (one === '*') return '[^/]*';
          if (one === '?') return '[^/]';
          return one === '.' ? '\\.' : one.replace('!', '^');
        });
        const hidden = text.startsWith('.') && pieces.length > 0 && /^[*?[]/.test(pieces[0]!);
        const expected = new RegExp(`^${source.join('')}$`).test(text) && !hidden;
        expect(matches(pieces.join(''), text)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('many stars on a long name end at once', () => {
    expect(matches(`${'*a'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('expandBraces', () => {
  test.each([
    ['a{b,c}d', ['abd', 'acd']],
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['{pred,target}_{step}', ['pred_{step}', 'target_{step}']],
    ['{step}', ['{step}']],
    ['{a', ['{a']],
    ['a}', ['a}']],
    ['\\{a,b}', ['\\{a,b}']],
    ['x{,y}', ['x', 'xy']],
  ])('%s', (pattern, expected) => expect([...expandBraces(pattern)].sort()).toEqual([...expected].sort()));

  test('a bomb is refused', () => expect(() => expandBraces('{a,b}'.repeat(40))).toThrow(/more than 1024/));
});

describe('over a tree', () => {
  const tree = memoryTree([
    'run/step_0005/pred_5.npy',
    'run/step_0005/pred_6.npy',
    'run/step_0010/pred_10.npy',
    'run/.hidden/pred_1.npy',
    'run/notes.txt',
    'other/x.npy',
    '/abs/step_3/p.npy',
  ]);
  const paths = (pattern: string): string[] => matchPattern(pattern, tree).matches.map(({ path }) => path);

  test('wildcards in files and directories', () => {
    expect(paths('run/*/*.npy')).toEqual([
      'run/step_0005/pred_5.npy',
      'run/step_0005/pred_6.npy',
      'run/step_0010/pred_10.npy',
    ]);
    expect(paths('*/x.npy')).toEqual(['other/x.npy']);
    expect(paths('./*/x.npy')).toEqual(['other/x.npy']);
    expect(paths('other/../other/*')).toEqual(['other/../other/x.npy']);
    expect(paths('/abs/*/p.npy')).toEqual(['/abs/step_3/p.npy']);
    expect(paths('nowhere/*')).toEqual([]);
    expect(paths('run/notes.txt/*')).toEqual([]);
  });

  test('** is any depth, once', () => {
    expect(paths('**/pred_5.npy')).toEqual(['run/step_0005/pred_5.npy']);
    expect(paths('**/**/run/**/pred_10.npy')).toEqual(['run/step_0010/pred_10.npy']);
    expect(paths('run/**')).toEqual([
      'run',
      'run/notes.txt',
      'run/step_0005/pred_5.npy',
      'run/step_0005/pred_6.npy',
      'run/step_0010/pred_10.npy',
    ]);
  });

  test('{step} in a directory, and more than once if equal', () => {
    expect(matchPattern('run/step_{step}/pred_{step}.npy', tree).matches).toEqual([
      { path: 'run/step_0005/pred_5.npy', kind: 'file', step: 5 },
      { path: 'run/step_0010/pred_10.npy', kind: 'file', step: 10 },
    ]);
    expect(matchPattern('run/step_{step}', tree).matches.map(({ kind, step }) => [kind, step])).toEqual([
      ['directory', 5],
      ['directory', 10],
    ]);
  });

  test('{step} beyond 2^53 is an error, the rest is matched', () => {
    const { matches: found, errors } = matchPattern(
      'p_{step}',
      memoryTree(['p_99999999999999999999', 'p_1']),
    );
    expect(found).toEqual([{ path: 'p_1', kind: 'file', step: 1 }]);
    expect(errors).toMatchObject([{ code: 'E222', path: 'p_99999999999999999999' }]);
  });

  test('isPattern', () => {
    for (const text of ['a*', 'a?', '[a]', '{step}', '{a,b}']) expect(isPattern(text)).toBe(true);
    for (const text of ['a', 'a{b}', 'a/b.npy']) expect(isPattern(text)).toBe(false);
  });
});
