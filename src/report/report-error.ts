import type { CollapseError } from '#errors.js';
import type { ReportError } from './types.js';

/** Converts an error to what records, reports and error blocks carry: plain data, without its trace. */
export function toReportError(error: CollapseError, run?: string): ReportError {
  return {
    code: error.code,
    message: error.message,
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(run === undefined ? {} : { run }),
    ...(error.step === undefined ? {} : { step: error.step }),
    ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
    hint: error.hint,
  };
}
