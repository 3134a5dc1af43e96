import { UsageError } from '#errors.js';
import type { OutputRequest } from '#plan.js';
import { fileNameContains, formatOfFile, REPORTER_IDS, type ReporterId } from '#reporters/index.js';
import { anyOf } from './value-parsers.js';

export const OUTPUT_FORMATS: readonly ReporterId[] = REPORTER_IDS;

/**
 * Parses one `-o FORMAT[=PATH]`, or a file whose extension names the format; without a path the report goes to stdout.
 * Throws `UsageError` E102.
 */
export function outputRequest(text: string, flag = '--output'): OutputRequest {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const format = OUTPUT_FORMATS.find((id) => id === name);
  if (format === undefined) {
    const named = formatOfFile(text);
    if (named !== null) return { format: named, path: text };
    throw new UsageError('E102', `${flag} takes ${anyOf(OUTPUT_FORMATS)}, not '${name}'`, {
      fields: { flag, value: text },
      hint: 'or a file with an extension that names the format, such as -o report.html',
    });
  }
  const path = equals < 0 ? null : text.slice(equals + 1);
  if (path === '') {
    throw new UsageError('E102', `${flag} ${text} names no file after '='`, {
      fields: { flag, value: text },
    });
  }
  const part = fileNameContains(format);
  if (part !== undefined && !(path ?? '').split('/').at(-1)?.includes(part)) {
    throw new UsageError('E102', `${flag} ${format} needs a file with '${part}' in its name`, {
      fields: { flag, value: text },
      hint: `readers look for that name: -o ${format}=logs/events.out.${part}.collapse`,
    });
  }
  return { format, path };
}

/** What `collapse diff` writes; its page is that of both runs. */
export const DIFF_FORMATS = ['table', 'json', 'markdown', 'html'] as const satisfies readonly ReporterId[];

/** Parses an `-o` of `collapse diff`: as `outputRequest`, of its formats alone. */
export function diffRequest(text: string, flag = '--output'): OutputRequest {
  const request = outputRequest(text, flag);
  if (DIFF_FORMATS.some((format) => format === request.format)) return request;
  throw new UsageError('E102', `${flag} takes ${anyOf(DIFF_FORMATS)}, not '${request.format}'`, {
    fields: { flag, value: text },
  });
}

/** Parses an `-o` of `collapse report`: as `outputRequest`, and what names no format is the file of the page. */
export function pageRequest(text: string, flag = '--output'): OutputRequest {
  if (text === '-') return { format: 'html', path: null };
  const namesFormat = OUTPUT_FORMATS.some((id) => text === id || text.startsWith(`${id}=`));
  if (namesFormat || text === '' || formatOfFile(text) !== null) return outputRequest(text, flag);
  return { format: 'html', path: text };
}
