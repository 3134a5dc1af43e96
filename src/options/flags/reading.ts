import { axisNumber, byteSize, maskValue, nonEmptyText, oneOf } from '../parse/value-parsers.js';
import { type Flag, flagOf, isOn, OPENS, READS } from './flag.js';

const flag = flagOf('Reading arrays');

export const READING = {
  maskKey: flag(
    READS,
    '--mask-key <name>',
    'the array, column or file of this name is the mask',
    nonEmptyText,
  ),
  maskKeeps: flag(
    READS,
    '--mask-keeps <value>',
    'the value of a mask that keeps a row: 1 or 0 (default: by its name; 0 for a padding_mask, else 1)',
    maskValue,
  ),
  noMask: flag(READS, '--no-mask', 'ignore a mask that lies beside the arrays, and keep all rows', isOn),
  perStepAxis: flag(
    READS,
    '--per-step-axis <n>',
    'also measure each index of this axis separately: 1 for the horizons of [B, T, D]; negative numbers count from the end',
    axisNumber,
  ),
  sampleAxis: flag(
    READS,
    '--sample-axis <n>',
    'the axis of the samples in arrays of three axes or more, where it is not the first: 1 with [T, B, D]',
    axisNumber,
  ),
  dtype: flag(OPENS, '--dtype <type>', 'what raw 2-byte <V2 elements are: bfloat16', oneOf('bfloat16')),
  maxMemory: flag(
    [...OPENS, 'gate'],
    '--max-memory <size>',
    'read larger steps in blocks of rows, and refuse a step, or records, that still need more than this at once',
    byteSize,
    '2GiB',
  ),
  values: flag(
    ['inspect'],
    '--values',
    'also read the data: row norms, variance, constant dimensions, NaN and Inf',
    isOn,
  ),
  failFast: flag(READS, '--fail-fast', 'stop at the first input that cannot be read', isOn),
  keepGoing: flag(
    READS,
    '--keep-going',
    'go on with the steps that can be read, and still exit 3 (default)',
    isOn,
  ),
} as const satisfies Record<string, Flag<unknown>>;
