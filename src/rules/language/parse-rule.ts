import { InputError, UsageError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { nearestName } from './nearest-name.js';
import { DECIMAL, factorOfPercentage, percentageOfFactor } from './percentage.js';
import { printRule } from './print-rule.js';
import type { Level, Operator, OutsideRule, Reference, Rule } from './rule.js';

const OPERATORS = ['<', '<=', '>', '>='] as const satisfies readonly Operator[];
const REFERENCES: readonly Reference[] = ['baseline', 'previous', 'peak', 'reference', ...METRIC_IDS];

/**
 * Reads a rule from its text. Words are separated by spaces or by the signs themselves, and each part comes at most once
 * and in this order:
 *
 *     rule      = METRIC operator bound [ place ] [ "for" COUNT ] [ "after" STEP ]
 *     operator  = "<" | "<=" | ">" | ">="
 *     bound     = NUMBER | NUMBER "%" "of" reference
 *     reference = "baseline" | "previous" | "peak" | "reference" | METRIC
 *     place     = "at" "any" "horizon" | "at" "horizon" COUNT
 *
 * METRIC is one of METRIC_IDS, NUMBER a plain decimal with or without an exponent, COUNT a whole number from 1 on, STEP
 * one from 0 on. The id and the expression of a rule are its canonical text (see `printRule`), so that one rule has one
 * id however it is spelled.
 *
 * @throws UsageError E110 with an excerpt of the first word that does not fit, and the nearest known name; InputError
 * E224 for what is no text, and for another level than 'error' and 'warn'.
 *
 * @example
 * parseRule('pairwise_pred_dist_mean < 50% of baseline for 3 after 1000', 'warn');
 * // { metric: 'pairwise_pred_dist_mean', operator: '<', factor: 0.5, of: 'baseline', forSteps: 3, after: 1000, … }
 */
export function parseRule(text: string, level: Level = 'error'): Rule {
  if (typeof text !== 'string') refuse(`a rule must be a text, not ${String(text)}`);
  if (level !== 'error' && level !== 'warn')
    refuse(`the level of a rule is 'error' or 'warn', not ${String(level)}`);
  const words = new Words(text);
  const metric = metricOf(words);
  const operator = operatorOf(words);
  const { factor, of } = boundOf(words);
  const at = horizonOf(words);
  const forSteps = countAfter('for', words, 1) ?? 1;
  const after = countAfter('after', words, 0);
  refuseRest(words);
  const parts = { metric, operator, factor, of, ...(at === null ? {} : { at }), forSteps, after };
  const expression = printRule(parts);
  return { id: expression, ...parts, level, expression };
}

/** The fewest steps in a row that are outside a reference: what it promises is of deviations that last so long. */
export const OUTSIDE_STEPS = 2;

/**
 * Reads a rule of one metric, or one of all of them:
 *
 *     rule = "outside" "reference" [ "for" COUNT ] [ "after" STEP ]
 *
 * with a COUNT of 2 at least, which it is unless said.
 *
 * @throws UsageError E110 and InputError E224 as `parseRule` does.
 */
export function parseAnyRule(text: string, level: Level = 'error'): Rule | OutsideRule {
  const words = new Words(text);
  if (words.takes('outside') === undefined) return parseRule(text, level);
  if (words.takes('reference') === undefined) {
    words.refuse(
      words.peek(),
      "'outside' needs 'reference' after it",
      "write 'outside reference', or 'outside reference for 3'",
    );
  }
  const count = words.peek()?.text === 'for' ? words.peekAfter() : undefined;
  const forSteps = countAfter('for', words, 1) ?? OUTSIDE_STEPS;
  if (forSteps < OUTSIDE_STEPS) {
    words.refuse(
      count,
      'one step outside is not judged: a reference promises of deviations that last two',
      'leave it out, or write for 3',
    );
  }
  const after = countAfter('after', words, 0);
  refuseRest(words);
  return outsideRule({ forSteps, after, level });
}

/** Makes the rule that no metric may be outside, with its text for id and expression. */
export function outsideRule(parts: Pick<OutsideRule, 'forSteps' | 'after' | 'level'>): OutsideRule {
  const { forSteps, after } = parts;
  const row = forSteps === OUTSIDE_STEPS ? '' : ` for ${forSteps}`;
  const expression = `outside reference${row}${after === null ? '' : ` after ${after}`}`;
  return { id: expression, outside: 'reference', ...parts, expression };
}

function refuse(message: string): never {
  throw new InputError('E224', message);
}

/** Walks over the words of a rule. */
class Words {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenise(text);
  }

  /** Looks at the next word without taking it. */
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  /** Looks at the word after the next. */
  peekAfter(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  take(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  /** Takes the next word if it is this one. */
  takes(word: string): Token | undefined {
    return this.peek()?.text === word ? this.take() : undefined;
  }

  /** Refuses a word, or where there is none the end of the rule. */
  refuse(token: Token | undefined, message: string, hint?: string): never {
    const { length } = this.#text.trimEnd();
    const { start, end } = token ?? { start: length, end: length };
    throw new UsageError('E110', message, {
      excerpt: { text: this.#text, start, end },
      ...(hint === undefined ? {} : { hint }),
      fields: { rule: this.#text, start, end },
    });
  }
}

function metricOf(words: Words): MetricId {
  const token = words.take();
  const metric = METRIC_IDS.find((id) => id === token?.text);
  if (metric !== undefined) return metric;
  if (token === undefined) words.refuse(token, 'the rule is empty');
  return words.refuse(token, `'${token.text}' is not a metric`, meant(token.text, METRIC_IDS));
}

function operatorOf(words: Words): Operator {
  const token = words.take();
  const operator = OPERATORS.find((sign) => sign === token?.text);
  if (operator !== undefined) return operator;
  const list = 'the operators are <, <=, > and >=';
  if (token === undefined) words.refuse(token, 'an operator and a number are missing here', list);
  const swapped = { '=<': '<=', '≤': '<=', '=>': '>=', '≥': '>=' }[token.text];
  const hint = swapped === undefined ? list : `did you mean ${swapped}?`;
  return words.refuse(token, `'${token.text}' is not an operator`, hint);
}

function boundOf(words: Words): { factor: number; of: Reference | null } {
  const token = words.take();
  if (token === undefined) words.refuse(token, 'a number is missing here');
  if (!DECIMAL.test(token.text)) {
    const isReference = (REFERENCES as readonly string[]).includes(token.text);
    words.refuse(
      token,
      `'${token.text}' is not a number`,
      isReference ? `write a share of it: 100% of ${token.text}` : undefined,
    );
  }
  const percent = words.takes('%');
  const of = words.peek()?.text === 'of' ? words.take() : undefined;
  const factor = (percent === undefined ? Number(token.text) : factorOfPercentage(token.text)) + 0;
  if (!Number.isFinite(factor)) words.refuse(token, `${token.text} does not fit in float64`);
  if (percent === undefined && of === undefined) return { factor, of: null };
  if (percent === undefined) {
    const share = `${percentageOfFactor(factor)}%`;
    words.refuse(of, "'of' needs a percentage before it", `did you mean ${share} of …?`);
  }
  if (of === undefined) {
    const hint = 'write % of baseline, previous, peak, reference or another metric';
    words.refuse(percent, "a percentage needs 'of' and what it is a share of", hint);
  }
  const reference = words.take();
  const known = REFERENCES.find((name) => name === reference?.text);
  if (known !== undefined) return { factor, of: known };
  if (reference === undefined) {
    words.refuse(
      reference,
      "what 'of' refers to is missing here",
      'baseline, previous, peak, reference or a metric',
    );
  }
  return words.refuse(
    reference,
    `'${reference.text}' is neither baseline, previous, peak, reference nor a metric`,
    meant(reference.text, REFERENCES),
  );
}

const HORIZON_HINT = "write 'at any horizon', or 'at horizon 8'";

function horizonOf(words: Words): NonNullable<Rule['at']> | null {
  if (words.takes('at') === undefined) return null;
  const isAny = words.takes('any') !== undefined;
  if (words.takes('horizon') === undefined) {
    const token = words.peek();
    const after = isAny ? 'at any' : 'at';
    const what = token === undefined ? 'the end' : `'${token.text}'`;
    words.refuse(token, `'${after}' needs 'horizon' after it, not ${what}`, HORIZON_HINT);
  }
  return isAny ? 'any horizon' : countOf('at horizon', words, 1);
}

function countAfter(word: 'for' | 'after', words: Words, least: 0 | 1): number | null {
  return words.takes(word) === undefined ? null : countOf(word, words, least);
}

const COUNTED = {
  for: 'a number of steps, 1 or more',
  after: 'a step, 0 or more',
  'at horizon': 'the number of a horizon, 1 or more',
} as const;

function countOf(word: keyof typeof COUNTED, words: Words, least: 0 | 1): number {
  const token = words.take();
  const expected = COUNTED[word];
  if (token === undefined) words.refuse(token, `'${word}' needs ${expected}`);
  const count = /^\d+$/.test(token.text) ? Number(token.text) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= least) return count;
  return words.refuse(token, `'${word}' needs ${expected}, not '${token.text}'`);
}

function refuseRest(words: Words): void {
  const token = words.peek();
  if (token === undefined) return;
  const order =
    "the order is: % of …, then 'at any horizon', then 'for N', then 'after STEP', each at most once";
  if (['at', 'for', 'after', 'of', '%'].includes(token.text)) {
    words.refuse(token, `'${token.text}' cannot stand here`, order);
  }
  words.refuse(token, `'${token.text}' is left over`, meant(token.text, ['at', 'for', 'after']) ?? order);
}

function meant(word: string, names: readonly string[]): string | undefined {
  const nearest = nearestName(word, names);
  return nearest === null ? undefined : `did you mean ${nearest}?`;
}

interface Token {
  readonly kind: 'word' | 'operator' | 'percent';
  readonly text: string;
  /** Where it stands in the rule: characters `start` to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
}

/** Signs that mean a comparison somewhere, so that `=<` and `≤` are named as the operators they are not. */
const TOKEN = /[<>=!≤≥≠~]+|%|[^\s%<>=!≤≥≠~]+/g;

/**
 * Splits a rule's text into words, comparison signs and percent signs. Spaces only separate, and nothing is refused here.
 *
 * @example tokenise('kl_reg<5').map(({ text }) => text) // ['kl_reg', '<', '5']
 */
function tokenise(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    kind: token === '%' ? 'percent' : /^[<>=!≤≥≠~]/.test(token) ? 'operator' : 'word',
    text: token,
    start: index,
    end: index + token.length,
  }));
}
