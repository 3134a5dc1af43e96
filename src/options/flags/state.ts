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
      'with --state: accept older steps, changed numbers and changed rules, and judge everything again',
      isOn,
    ),
    commandLineOnly: true,
  },
  resumeFrom: {
    ...flag(
      KEEPS,
      '--resume-from <step>',
      'with --state: the job was resumed from this step; forget what came after it',
      stepNumber,
    ),
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
