import { levelOrNever, oneOf, positiveInteger, stepNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, isOn, JUDGES, PRINTS } from './flag.js';

const flag = flagOf('Verdict and exit code');

export const VERDICT = {
  after: flag(JUDGES, '--after <step>', 'judge only steps greater than this', stepNumber, '0'),
  logEverySteps: flag(
    JUDGES,
    '--log-every-steps <n>',
    'judge only every nth step number, as the reference does with 500 (default: every step)',
    positiveInteger,
  ),
  judge: flag(
    JUDGES,
    '--judge <which>',
    "'all' steps decide the exit code, or only the 'latest'",
    oneOf('all', 'latest'),
    'all',
  ),
  failOn: flag(
    JUDGES,
    '--fail-on <level>',
    "exit 1 on alerts of this level or above: 'error', 'warn', or 'never'",
    levelOrNever,
    'error',
  ),
  onUnavailable: flag(
    JUDGES,
    '--on-unavailable <action>',
    "what happens to a rule you asked for where its metric has no value: 'skip' it, or 'fail' with exit 4",
    oneOf('skip', 'fail'),
    'skip',
  ),
  exitZero: flag(PRINTS, '--exit-zero', 'exit 0 where only alerts would make it 1', isOn),
} as const satisfies Record<string, Flag<unknown>>;
