import type { OutputRequest } from '#plan.js';
import {
  DIFF_FORMATS,
  diffRequest,
  OUTPUT_FORMATS,
  outputRequest,
  pageRequest,
} from '../parse/output-request.js';
import { nonEmptyText, oneOf, positiveInteger, prometheusName } from '../parse/value-parsers.js';
import { ALL, DRAWS, type Flag, flagOf, isOn, PRINTS, READS, REPORTS } from './flag.js';

const flag = flagOf('Output');

export const OUTPUT = {
  output: {
    ...flag<OutputRequest>(
      REPORTS,
      '-o, --output <format[=path]>',
      `report as ${OUTPUT_FORMATS.join(', ')}; into a file where one is given, whose extension may also name the format; may be repeated`,
      outputRequest,
    ),
    repeatable: true,
    completes: OUTPUT_FORMATS,
  },
  json: flag([...PRINTS, 'diff', 'inspect', 'explain'], '--json', 'JSON in place of the table', isOn),
  page: {
    ...flag<OutputRequest>(
      ['report'],
      '-o, --output <format[=path]>',
      "the page to write, or any other report as in `collapse check`; '-' is the page on standard output; may be repeated",
      pageRequest,
      'html=report.html',
    ),
    repeatable: true,
    completes: OUTPUT_FORMATS,
    acts: true,
  },
  normal: {
    ...flag(
      ['calibrate'],
      '-o, --output <file>',
      "the file to write; '-' for standard output",
      nonEmptyText,
      '-',
    ),
    acts: true,
    commandLineOnly: true,
  },
  sides: {
    ...flag<OutputRequest>(
      ['diff'],
      '-o, --output <format[=path]>',
      `the comparison as ${DIFF_FORMATS.join(', ')}; into a file where one is given; may be repeated`,
      diffRequest,
    ),
    repeatable: true,
    completes: DIFF_FORMATS,
    acts: true,
    commandLineOnly: true,
  },
  prometheusPrefix: flag(
    PRINTS,
    '--prometheus-prefix <text>',
    'what metric names begin with in -o prometheus',
    prometheusName,
    'geno_lewm_training_collapse_',
  ),
  quiet: flag(PRINTS, '-q, --quiet', 'print the verdict only', isOn),
  verbose: flag(
    ALL,
    '-v, --verbose',
    'also all metrics, every run and step, ignored files, and the stack trace of an error',
    isOn,
  ),
  color: flag(
    ALL,
    '--color <when>',
    "'auto', 'always' or 'never'; NO_COLOR and FORCE_COLOR are honoured",
    oneOf('auto', 'always', 'never'),
    'auto',
  ),
  ascii: flag(DRAWS, '--ascii', 'draw tables in plain ASCII', isOn),
  width: flag(DRAWS, '--width <columns>', 'draw tables this wide', positiveInteger),
  noProgress: flag(READS, '--no-progress', 'draw no progress line on a terminal', isOn),
  noCi: flag(
    [...PRINTS, 'diff'],
    '--no-ci',
    'under GitHub Actions, append no summary to $GITHUB_STEP_SUMMARY',
    isOn,
  ),
} as const satisfies Record<string, Flag<unknown>>;
