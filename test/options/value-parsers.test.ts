import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#errors.js';
import {
  byteSize,
  klRegOption,
  nonNegativeNumber,
  pairwiseOption,
  positiveInteger,
  positiveNumber,
  stepNumber,
  stepWindow,
  wholeNumber,
} from '#options/parse/value-parsers.js';

const refused = (parse: (text: string, flag: string) => unknown, text: string) => {
  expect(() => parse(text, '--flag'), text).toThrow(UsageError);
  expect(() => parse(text, '--flag'), text).toThrow(/^--flag takes /);
};

describe('numbers', () => {
  it('takes plain decimals', () => {
    expect(positiveNumber('0.5', '--x')).toBe(0.5);
    expect(positiveNumber('1e-3', '--x')).toBe(1e-3);
    expect(positiveNumber('.5', '--x')).toBe(0.5);
    expect(nonNegativeNumber('0', '--x')).toBe(0);
  });

  it.each(['', ' ', '0', '-1', 'NaN', 'Infinity', '1e999', '0x10', '1_000', '50%', 'half', '1 '])(
    'a bound above 0 is not %j',
    (text) => refused(positiveNumber, text),
  );

  it.each(['', '-1', '1.5', '1e3', '9007199254740993', '٣'])('a step is not %j', (text) =>
    refused(stepNumber, text),
  );

  it('a step is any safe integer, padded or not', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(5), (step, zeros) => {
        expect(stepNumber('0'.repeat(zeros) + step, '--after')).toBe(step);
      }),
    );
  });

  it('a count is above 0', () => {
    expect(positiveInteger('500', '--n')).toBe(500);
    refused(positiveInteger, '0');
  });
});

describe('stepWindow', () => {
  it.each([
    ['1000..5000', { from: 1000, to: 5000 }],
    ['1000..', { from: 1000, to: Number.MAX_SAFE_INTEGER }],
    ['..5000', { from: 0, to: 5000 }],
    ['500', { from: 500, to: 500 }],
    ['0..0', { from: 0, to: 0 }],
  ])('%s', (text, window) => expect(stepWindow(text, '--steps')).toEqual(window));

  it.each(['', '..', '5..1', 'a..b', '1...5', '-1..5', '1.5..2', '1..5..9'])('is not %j', (text) =>
    refused(stepWindow, text),
  );
});

describe('byteSize', () => {
  it.each([
    ['2GiB', 2 ** 31],
    ['2G', 2 ** 31],
    ['2gb', 2 ** 31],
    ['512MiB', 2 ** 29],
    ['1.5k', 1536],
    ['4096', 4096],
    ['1B', 1],
  ])('%s', (text, bytes) => expect(byteSize(text, '--max-memory')).toBe(bytes));

  it.each(['', '0', 'GiB', '-1G', '1X', '1 000'])('is not %j', (text) => refused(byteSize, text));
});

describe('klRegOption', () => {
  it.each(['auto', 'computed', 'none'])('%s', (text) => expect(klRegOption(text, '--kl-reg')).toBe(text));
  it('takes a number, negative too', () => expect(klRegOption('-0.25', '--kl-reg')).toBe(-0.25));
  it.each(['', 'nan', 'inf', 'Auto', '1e999'])('is not %j', (text) => refused(klRegOption, text));
});

describe('pairwiseOption', () => {
  it.each([
    ['auto', 'auto'],
    ['exact', 'exact'],
    ['sample', 1_000_000],
    ['sample:100', 100],
    ['sample:2000000', 2_000_000],
  ])('%s', (text, pairwise) => expect(pairwiseOption(text, '--pairwise')).toBe(pairwise));
  it.each([
    '',
    'Auto',
    'sample:',
    'sample:99',
    'sample:1e6',
    'sample:1.5',
    'sample:99999999999999999',
    '500',
  ])('is not %j', (text) => refused(pairwiseOption, text));
});

it('a seed is a whole number of 0 or more', () => {
  expect(wholeNumber('0', '--seed')).toBe(0);
  for (const text of ['', '-1', '1.5', '9007199254740993']) refused(wholeNumber, text);
});
