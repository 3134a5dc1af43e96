import { columnMap, type MappedColumn } from '../parse/column-map.js';
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
    'the array, column or files of this name are the predictions',
    nonEmptyText,
  ),
  targetKey: flag(
    FINDS,
    '--target-key <name>',
    'the array, column or files of this name are the targets',
    nonEmptyText,
  ),
  contextKey: flag(
    READS,
    '--context-key <name>',
    'the array, column or files of this name are the contexts',
    nonEmptyText,
  ),
  labelKey: flag(
    READS,
    '--label-key <name>',
    'the array, column or file of this name is a class of each row, or several factors',
    nonEmptyText,
  ),
  groupKey: flag(
    READS,
    '--group-key <name>',
    'the array, column or file of this name says which rows are views of one sample',
    nonEmptyText,
  ),
  siblings: flag(
    FINDS,
    '--siblings <what>',
    "what files and directories are whose names differ in one number: 'steps' of one run, or 'runs'",
    oneOf('steps', 'runs'),
  ),
  steps: flag(FINDS, '--steps <from..to>', 'only these steps', stepWindow),
  last: flag(FINDS, '--last <n>', 'only the last n steps of each run', positiveInteger),
  map: {
    ...flag<MappedColumn>(
      ['gate'],
      '--map <column=metric>',
      'this column of a CSV or JSONL file that others wrote holds this metric; may be repeated',
      columnMap,
    ),
    repeatable: true,
    commandLineOnly: true,
  },
  stepColumn: {
    ...flag(
      ['gate'],
      '--step-column <name>',
      'the column of the steps, where it is not found by its name: step, global_step, num_updates, …',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  run: {
    ...flag(
      NAMES,
      '--run <name>',
      'the name of the run, instead of its path, so that shards on several mounts are one run',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  step: {
    ...flag(
      NAMES,
      '--step <n>',
      'the number of the only step, for example of an array on standard input',
      stepNumber,
    ),
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
