import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = `${ROOT}bin/collapse.js`;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The repository's root unless said. */
  readonly cwd?: string;
}

/** The built executable in a process of its own, without the colour and width settings of whoever runs the tests. */
export function collapse(
  args: readonly string[],
  { env = {}, input = '', cwd = ROOT }: How = {},
): Promise<Ran> {
  if (!existsSync(`${ROOT}dist/cli.cjs`)) throw new Error('dist/ is missing: run `npm run build` first');
  const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, NODE_EXTRA_CA_CERTS: ____, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...rest, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
