import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '#cli.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface How {
  /** The repository's root unless said. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from stdin. */
  readonly input?: string | Uint8Array;
  /** Takes all of stdout so far, whenever there is more. */
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

export interface Running {
  readonly ended: Promise<Ran>;
  /** Resolves once `text` was printed; rejects where it ends without. */
  printed(text: string, stream?: 'stdout' | 'stderr'): Promise<void>;
}

/** Runs the command line in this process, with nothing of the terminal around it. */
export function collapse(argv: readonly string[], how: How = {}): Promise<Ran> {
  return startCollapse(argv, how).ended;
}

/** Starts it, for what comes while it runs. */
export function startCollapse(
  argv: readonly string[],
  { cwd = ROOT, env = {}, input = '', onStdout, onStderr }: How = {},
): Running {
  const output = new Output(onStdout, onStderr);
  const sink = (stream: Stream) => ({
    write(chunk: string | Uint8Array) {
      output.add(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'));
      return true;
    },
  });
  const stdin = (async function* () {
    // In pieces, as a pipe gives it.
    for (let at = 0; at < input.length; at += 4096) yield input.slice(at, at + 4096);
  })();
  const ran = main({ argv, cwd, env, stdin, stdout: sink('stdout'), stderr: sink('stderr') });
  return output.running(ran);
}

export interface ProcessHow extends How {
  /** The folder whose bin/ and dist/ are run: the repository's root unless said. */
  readonly installation?: string;
  /** Flags of Node's own. */
  readonly node?: readonly string[];
  readonly stdio?: StdioOptions;
}

/** Starts the built executable, without the colour and width settings of whoever runs the tests. */
export function startExecutable(
  argv: readonly string[],
  {
    cwd = ROOT,
    env = {},
    input = '',
    onStdout,
    onStderr,
    installation = ROOT,
    node = [],
    stdio = 'pipe',
  }: ProcessHow = {},
): Running & { readonly child: ChildProcess } {
  if (!existsSync(join(ROOT, 'dist/cli.cjs'))) throw new Error('dist/ is missing: run `npm run build` first');
  const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, NODE_EXTRA_CA_CERTS: ____, ...rest } = process.env;
  const child = spawn(process.execPath, [...node, join(installation, 'bin/collapse.js'), ...argv], {
    cwd,
    env: { ...rest, ...env },
    stdio,
  });
  const output = new Output(onStdout, onStderr);
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => output.add(stream, chunk));
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const code = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { ...output.running(code), child };
}

/** Runs the built executable in a process of its own. */
export function executable(argv: readonly string[], how: ProcessHow = {}): Promise<Ran> {
  return startExecutable(argv, how).ended;
}

type Stream = 'stdout' | 'stderr';

class Output {
  readonly #text = { stdout: '', stderr: '' };
  readonly #waiting = new Set<() => void>();
  readonly #listeners: Readonly<Record<Stream, ((text: string) => void) | undefined>>;

  constructor(stdout: ((text: string) => void) | undefined, stderr: ((text: string) => void) | undefined) {
    this.#listeners = { stdout, stderr };
  }

  add(stream: Stream, chunk: string): void {
    this.#text[stream] += chunk;
    this.#listeners[stream]?.(this.#text[stream]);
    for (const check of this.#waiting) check();
  }

  running(code: Promise<number | null>): Running {
    const ended = code.then((code) => ({ code, ...this.#text }));
    return {
      ended,
      printed: (text, stream = 'stdout') =>
        new Promise((resolve, reject) => {
          const check = () => {
            if (!this.#text[stream].includes(text)) return;
            this.#waiting.delete(check);
            resolve();
          };
          this.#waiting.add(check);
          check();
          ended.then(
            ({ stdout, stderr }) => reject(new Error(`it ended without "${text}": ${stdout}${stderr}`)),
            reject,
          );
        }),
    };
  }
}
