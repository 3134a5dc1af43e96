import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import type { Report, ReportError } from './types.js';

/** The code of a command that a signal ended stays, whatever else went wrong. */
const FIRST_OF_SIGNALS = 128;

/** Adds errors that were met after judging: the verdict stands, and the exit code is that of the gravest. */
export function withErrors(report: Report, errors: readonly ReportError[]): Report {
  if (errors.length === 0) return report;
  const codes = errors.map(({ code }) => exitCodeOfError(code));
  const exitCode =
    report.exitCode > FIRST_OF_SIGNALS ? report.exitCode : worstExitCode([report.exitCode, ...codes]);
  const isError = report.status === 'error' || codes.some((code) => code !== 4);
  return {
    ...report,
    status: isError ? 'error' : 'no-data',
    exitCode,
    exitReason: [...reasonsOf(errors), report.exitReason].join('; '),
    errors: [...report.errors, ...errors],
    summary: { ...report.summary, errors: report.summary.errors + errors.length },
  };
}

function reasonsOf(errors: readonly ReportError[]): string[] {
  const [lost, ...more] = errors.filter(({ code }) => code === 'E401');
  const others = errors.filter(({ code }) => code !== 'E401').map(({ message }) => message);
  if (lost === undefined) return others;
  const what = more.length === 0 ? (lost.path ?? 'an output') : `${more.length + 1} outputs`;
  return [`${what} could not be written`, ...others];
}
