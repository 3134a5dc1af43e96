import type { OutputRequest } from '#plan.js';
import { OUTPUT_FORMATS, outputRequest } from '../parse/output-request.js';
import { nonEmptyText, oneOf, positiveInteger } from '../parse/value-parsers.js';
import { ALL, DRAWS, type Flag, flagOf, isOn, PRINTS, READS, REPORTS } from './flag.js';

const flag = flagOf('Output');

export const OUTPUT = {
  output: {
    ...flag<OutputRequest>(
      REPORTS,
      '-o, --output <format[=path]>',
      `report as ${OUTPUT_FORMATS.join(', ')}; to a file if a path is given; may be repeated`,
      outputRequest,
    ),
    repeatable: true,
  },
  json: flag([...REPORTS, 'inspect', 'explain'], '--json', 'JSON in place of the table', isOn),
  page: {
    ...flag(
      ['report'],
      '-o, --output <file>',
      "the page to write; '-' for standard output",
      nonEmptyText,
      'report.html',
    ),
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
    commandLineOnly: true,
  },
  quiet: flag(PRINTS, '-q, --quiet', 'print the verdict only', isOn),
  verbose: flag(ALL, '-v, --verbose', 'also every step, ignored files, and the trace of an error', isOn),
  color: flag(
    ALL,
    '--color <when>',
    "'auto', 'always' or 'never'; NO_COLOR and FORCE_COLOR are honoured",
    oneOf('auto', 'always', 'never'),
    'auto',
  ),
  ascii: flag(DRAWS, '--ascii', 'plain ASCII in tables', isOn),
  width: flag(DRAWS, '--width <columns>', 'width of the table', positiveInteger),
  noProgress: flag(READS, '--no-progress', 'no progress on a terminal', isOn),
  noCi: flag(PRINTS, '--no-ci', 'append no summary to $GITHUB_STEP_SUMMARY under GitHub Actions', isOn),
} as const satisfies Record<string, Flag<unknown>>;
