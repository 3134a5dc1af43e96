import { gate } from '#judge/gate.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import { buildInspection } from '#report/build-inspection.js';
import type { Report, ReportError } from '#report/types.js';
import { jsonText } from '#reporters/machine/json-text.js';

/**
 * Returns what goes to stdout where an error ended a command: in JSON where that was asked for, and of the kind that the
 * command prints; '' where it was not.
 */
export function errorDocument(error: ReportError, argv: readonly string[], version: string): string {
  return wantsJson(argv) ? `${jsonText(documentOf(error, argv[0], version), 2)}\n` : '';
}

function documentOf(error: ReportError, command: string | undefined, version: string): object {
  switch (command) {
    case 'check':
    case 'gate':
    case 'watch':
    case 'report':
      return errorReport(error, version);
    case 'inspect':
      return buildInspection([], [error], version);
    default: {
      const { files: _, ...rest } = buildInspection([], [error], version);
      return rest;
    }
  }
}

/** Returns the report of what an error ended before anything was judged. */
export function errorReport(error: ReportError, version: string): Report {
  return gate([{ type: 'error', ...error }], judgePlanOf({}), version);
}

/** Read from the raw words, because the error may be in them. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  if (words.includes('--json')) return true;
  return words.some(
    (word, i) =>
      word === '-ojson' ||
      word === '--output=json' ||
      (word === 'json' && ['-o', '--output'].includes(words[i - 1] ?? '')),
  );
}
