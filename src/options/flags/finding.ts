import { nonEmptyText, oneOf, positiveInteger, stepNumber, stepWindow } from '../parse/value-parsers.js';
import { FINDS, type Flag, flagOf, NAMES, READS } from './flag.js';

const flag = flagOf('Finding the inputs');

export const FINDING = {
  pred: flag(FINDS, '--pred <pattern>', 'files of predictions, with {step} for the step', nonEmptyText),
  target: flag(
    FINDS,
    '--target <pattern>',
    "files of targets, or 'none' to measure embeddings alone",
    nonEmptyText,
  ),
  predKey: flag(
    FINDS,
    '--pred-key <name>',
    'array or column that holds the predictions, or the files of that name',
    nonEmptyText,
  ),
  targetKey: flag(
    FINDS,
    '--target-key <name>',
    'array or column that holds the targets, or the files of that name',
    nonEmptyText,
  ),
  contextKey: flag(
    READS,
    '--context-key <name>',
    'array or column that holds the contexts, or the files of that name',
    nonEmptyText,
  ),
  labelKey: flag(
    READS,
    '--label-key <name>',
    'array or column that holds a class of each row, or factors, or the file of that name',
    nonEmptyText,
  ),
  groupKey: flag(
    READS,
    '--group-key <name>',
    'array or column that says which rows are views of one sample, or the file of that name',
    nonEmptyText,
  ),
  siblings: flag(
    FINDS,
    '--siblings <what>',
    "what neighbours are whose names differ in a number that may count either: 'steps' of one run, or 'runs'",
    oneOf('steps', 'runs'),
  ),
  steps: flag(FINDS, '--steps <from..to>', 'only these steps', stepWindow),
  last: flag(FINDS, '--last <n>', 'only the last n steps of each run', positiveInteger),
  run: {
    ...flag(
      NAMES,
      '--run <name>',
      'what the run is called, in place of its path: shards of several mounts are one run',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  step: {
    ...flag(
      NAMES,
      '--step <n>',
      'the number of the only step, such as that of an array on standard input',
      stepNumber,
    ),
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
