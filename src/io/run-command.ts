import { spawn } from 'node:child_process';

export interface CommandOutcome {
  /** Null where a signal ended it or it could not start. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a shell command to its end; never throws. Its stdout and stderr come back as one text. */
export function runCommand(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CommandOutcome> {
  return new Promise((done) => {
    const child = spawn(command, { shell: true, cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    }
    child.on('error', (error) => done({ code: null, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}
