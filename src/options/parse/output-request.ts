import { UsageError } from '#errors.js';
import type { OutputRequest } from '#plan.js';
import { fileNameContains, REPORTER_IDS, type ReporterId } from '#reporters/index.js';

export const OUTPUT_FORMATS: readonly ReporterId[] = REPORTER_IDS;

/** Parses one `-o FORMAT[=PATH]`; without a path the report goes to stdout. Throws `UsageError` E102. */
export function outputRequest(text: string, flag = '--output'): OutputRequest {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const format = OUTPUT_FORMATS.find((id) => id === name);
  if (format === undefined) {
    throw new UsageError('E102', `${flag} takes one of ${OUTPUT_FORMATS.join(', ')}, not '${name}'`, {
      fields: { flag, value: text },
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
