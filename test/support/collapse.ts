import { main } from '#cli.js';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, in `cwd`, with nothing of the terminal around it. */
export async function collapse(argv: readonly string[], cwd: string, stdin = ''): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const code = await main({
    argv,
    cwd,
    env: {},
    stdin: (async function* () {
      yield stdin;
    })(),
    stdout: {
      write: (text) => {
        stdout += text;
        return true;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
        return true;
      },
    },
  });
  return { code, stdout, stderr };
}
