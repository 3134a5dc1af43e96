import type { Flag } from '../flags.js';
import {
  axisNumber,
  byteSize,
  klRegOption,
  nonEmptyText,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  stepNumber,
  stepWindow,
  wholeNumber,
} from '../parse/value-parsers.js';

/** What a flag's value is in JSON: a JSON Schema whose `type` names every type it can have. */
export interface JsonShape {
  readonly type: readonly ('string' | 'number' | 'integer' | 'boolean')[];
  readonly [keyword: string]: unknown;
}

const OF_PARSER = new Map<unknown, JsonShape>([
  [positiveNumber, { type: ['number'], exclusiveMinimum: 0 }],
  [nonNegativeNumber, { type: ['number'], minimum: 0 }],
  [positiveInteger, { type: ['integer'], minimum: 1 }],
  [wholeNumber, { type: ['integer'], minimum: 0 }],
  [stepNumber, { type: ['integer'], minimum: 0 }],
  [axisNumber, { type: ['integer'], not: { const: -1 } }],
  [stepWindow, { type: ['string', 'integer'] }],
  [byteSize, { type: ['string', 'integer'] }],
  [nonEmptyText, { type: ['string'], minLength: 1 }],
  [klRegOption, { type: ['string', 'number'] }],
]);

/** Returns the shape of one value; a repeatable flag takes an array of them as well. */
export function jsonShapeOf(flag: Flag<unknown>): JsonShape {
  if (isSwitch(flag)) return { type: ['boolean'] };
  const choices = 'choices' in flag.parse ? flag.parse.choices : undefined;
  if (choices !== undefined) return { type: ['string'], enum: choices };
  return OF_PARSER.get(flag.parse) ?? { type: ['string'] };
}

/** Tests whether a flag takes no value. */
export function isSwitch(flag: Flag<unknown>): boolean {
  return !flag.syntax.includes('<');
}
