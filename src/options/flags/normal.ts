import { levelNumber, nonEmptyText } from '../parse/value-parsers.js';
import { type Flag, flagOf } from './flag.js';

const flag = flagOf('Reference');

export const NORMAL = {
  reference: flag(
    ['check', 'gate', 'report', 'watch', 'serve'],
    '--reference <file>',
    'judge beside runs of the recipe too: what calibrate wrote, which alerts where a run is outside, or the records of one golden run',
    nonEmptyText,
  ),
  alpha: {
    ...flag(
      ['calibrate'],
      '--alpha <level>',
      'the probability that a further healthy run is outside; n runs can promise 1/(n + 1) at best',
      levelNumber,
      '0.05',
    ),
    commandLineOnly: true,
  },
  bad: {
    ...flag(
      ['calibrate'],
      '--bad <run...>',
      'runs that are known to have collapsed, to see whether they would be outside, and when; the last option',
      nonEmptyText,
    ),
    repeatable: true,
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
