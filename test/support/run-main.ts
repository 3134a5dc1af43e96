import { main } from '#cli.js';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in this process: argv in; code, stdout and stderr out. */
export async function runMain(
  argv: readonly string[],
  {
    cwd = '.',
    env = {},
    onStdout,
  }: { cwd?: string; env?: Record<string, string>; onStdout?: (text: string) => void } = {},
): Promise<Outcome> {
  const text = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write(chunk: string | Uint8Array) {
      text[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      if (name === 'stdout') onStdout?.(text.stdout);
      return true;
    },
  });
  const stdin = (async function* () {})();
  const code = await main({ argv, cwd, env, stdin, stdout: sink('stdout'), stderr: sink('stderr') });
  return { code, ...text };
}
