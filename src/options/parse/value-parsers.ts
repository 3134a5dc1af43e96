import { UsageError } from '#errors.js';
import { type PairwiseChoice, parsePairwise } from '#metrics/pairwise-choice.js';
import { nearestName } from '#rules/language/nearest-name.js';
import { DECIMAL } from '#rules/language/percentage.js';

/** Each parser takes the text after a flag and throws `UsageError` E102 that says what it would take. */
export type Parser<T> = (text: string, flag: string) => T;

function refuse(flag: string, text: string, expected: string, nearest: string | null = null): never {
  throw new UsageError('E102', `${flag} takes ${expected}, not '${text}'`, {
    fields: { flag, value: text },
    ...(nearest === null ? {} : { hint: `did you mean ${nearest}?` }),
  });
}

/** Reads a plain decimal number; NaN for '' and '0x10', which Number() accepts. */
function numberFrom(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

export const positiveNumber: Parser<number> = (text, flag) => {
  const x = numberFrom(text);
  return Number.isFinite(x) && x > 0 ? x : refuse(flag, text, 'a number above 0');
};

export const nonNegativeNumber: Parser<number> = (text, flag) => {
  const x = numberFrom(text);
  return Number.isFinite(x) && x >= 0 ? x : refuse(flag, text, 'a number of 0 or more');
};

/** Reads a probability between 0 and 1. */
export const levelNumber: Parser<number> = (text, flag) => {
  const x = numberFrom(text);
  return x > 0 && x < 1 ? x : refuse(flag, text, 'a level between 0 and 1, such as 0.1');
};

function integerFrom(text: string): number {
  const x = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(x) ? x : Number.NaN;
}

export const stepNumber: Parser<number> = (text, flag) => {
  const x = integerFrom(text);
  return Number.isNaN(x) ? refuse(flag, text, 'a step: a whole number of 0 or more') : x;
};

/** Reads which value of a mask keeps a row. */
export const maskValue: Parser<0 | 1> = (text, flag) =>
  text === '0' ? 0 : text === '1' ? 1 : refuse(flag, text, '0 or 1');

export const positiveInteger: Parser<number> = (text, flag) => {
  const x = integerFrom(text);
  return x > 0 ? x : refuse(flag, text, 'a whole number above 0');
};

export const wholeNumber: Parser<number> = (text, flag) => {
  const x = integerFrom(text);
  return Number.isNaN(x) ? refuse(flag, text, 'a whole number of 0 or more') : x;
};

/** An axis of a stored array, from 0 on or from the end; never the last. */
export const axisNumber: Parser<number> = (text, flag) => {
  const x = /^-?\d+$/.test(text) ? Number(text) + 0 : Number.NaN;
  if (x === -1) {
    throw new UsageError('E102', `${flag}: the last axis is the dimensions`, {
      fields: { flag, value: text },
      hint: 'with [B, T, D] name T: 1, or -2',
    });
  }
  return Number.isSafeInteger(x) ? x : refuse(flag, text, 'the number of an axis, such as 1 or -2');
};

export const nonEmptyText: Parser<string> = (text, flag) =>
  text === '' ? refuse(flag, text, 'a name or pattern') : text;

/** What a name of a Prometheus metric may begin with. */
export const prometheusName: Parser<string> = (text, flag) =>
  /^[a-zA-Z_:][\w:]*$/.test(text)
    ? text
    : refuse(flag, text, 'letters, digits, _ and :, and no digit first, such as my_run_');

/** Makes a parser that takes one of a few words, which completion can offer. */
export function oneOf<const T extends string>(
  ...choices: readonly T[]
): Parser<T> & { readonly choices: readonly T[] } {
  const parse: Parser<T> = (text, flag) =>
    choices.find((choice) => choice === text) ??
    refuse(flag, text, anyOf(choices), nearestName(text, choices));
  return Object.assign(parse, { choices });
}

const LEVEL = oneOf('error', 'warn', 'never');

/** Reads a level of alerts; reports write the middle one as 'warning', which is taken too. */
export const levelOrNever: typeof LEVEL = Object.assign(
  ((text, flag) => LEVEL(text === 'warning' ? 'warn' : text, flag)) satisfies Parser<
    'error' | 'warn' | 'never'
  >,
  { choices: LEVEL.choices },
);

/** Lists words to choose from: 'a, b or c'. */
export function anyOf(choices: readonly string[]): string {
  const [last = '', ...others] = choices.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`;
}

export interface StepWindow {
  readonly from: number;
  readonly to: number;
}

/** `1000..5000`, `1000..`, `..5000` or one step; both ends belong to it. */
export const stepWindow: Parser<StepWindow> = (text, flag) => {
  const match = /^(\d*)(\.\.)?(\d*)$/.exec(text);
  const expected = 'steps as FROM..TO, FROM.., ..TO or one step';
  if (match === null || text === '' || text === '..') return refuse(flag, text, expected);
  const [, first = '', dots, second = ''] = match;
  const from = first === '' ? 0 : integerFrom(first);
  const to = dots === undefined ? from : second === '' ? Number.MAX_SAFE_INTEGER : integerFrom(second);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to) return refuse(flag, text, expected);
  return { from, to };
};

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** Bytes from `512MiB`, `2G`, `1.5GB` or a plain number; every unit is a power of 1024. */
export const byteSize: Parser<number> = (text, flag) => {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * (SIZE_UNITS[match[2]!.toLowerCase()] ?? 0);
  return bytes >= 1 ? Math.floor(bytes) : refuse(flag, text, 'a size such as 512MiB or 2GiB');
};

export type KlRegOption = 'auto' | 'computed' | 'none' | number;

export const klRegOption: Parser<KlRegOption> = (text, flag) => {
  if (text === 'auto' || text === 'computed' || text === 'none') return text;
  const x = numberFrom(text);
  return Number.isFinite(x) ? x : refuse(flag, text, 'auto, computed, none or a number');
};

export const pairwiseOption: Parser<PairwiseChoice> = (text, flag) =>
  parsePairwise(text) ?? refuse(flag, text, 'auto, exact, sample or sample:PAIRS with 100 pairs or more');

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds from `500ms`, `30s`, `10m`, `12h`, `2d`, or a plain number of seconds. */
export const duration: Parser<number> = (text, flag) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  const ms = match === null ? 0 : Number(match[1]) * (DURATION_UNITS[match[2] ?? 's'] ?? 0);
  return ms > 0 ? ms : refuse(flag, text, 'a time such as 30s, 10m or 12h');
};
