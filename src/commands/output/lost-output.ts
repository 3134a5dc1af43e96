import { OutputError } from '#errors.js';
import { systemCode, systemReason } from '#io/system-error.js';
import type { OutputStream } from '../input/context.js';

/**
 * Returns what kept stdout from being written, so far. `collapse … | head` closes it early, which is no failure: what is left is
 * dropped, and the exit code stays that of the verdict.
 */
export function lostOutput(stdout: OutputStream): () => OutputError | null {
  let failure: OutputError | null = null;
  stdout.on?.('error', (cause) => {
    if (systemCode(cause) === 'EPIPE') return;
    const message = `cannot write to standard output: ${systemReason(cause)}`;
    failure ??= new OutputError('E401', message, { cause, fields: { systemCode: systemCode(cause) } });
  });
  return () => failure;
}
