import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import type { InspectedFile, Inspection, ReportError } from './types.js';

/** Builds the document, with the exit code that its errors make. */
export function buildInspection(
  files: readonly InspectedFile[],
  errors: readonly ReportError[],
  version: string,
): Inspection {
  return {
    schemaVersion: 1,
    tool: { name: 'embedding-collapse', version },
    exitCode: worstExitCode(errors.map(({ code }) => exitCodeOfError(code))),
    files,
    errors,
  };
}
