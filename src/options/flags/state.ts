import { nonEmptyText, stepNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, isOn, KEEPS } from './flag.js';

const flag = flagOf('State between checks');

export const STATE = {
  state: {
    ...flag(
      KEEPS,
      '--state <file>',
      'remember baseline, peaks and judged steps in this file, for a job that checks one checkpoint at a time, or a watch that is stopped and started again',
      nonEmptyText,
    ),
    acts: true,
  },
  rejudge: {
    ...flag(
      KEEPS,
      '--rejudge',
      'with --state: take older steps, other numbers and other rules, and judge everything again',
      isOn,
    ),
    commandLineOnly: true,
  },
  resumeFrom: {
    ...flag(
      KEEPS,
      '--resume-from <step>',
      'with --state: the job went on from this step, and what came after it is forgotten',
      stepNumber,
    ),
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
