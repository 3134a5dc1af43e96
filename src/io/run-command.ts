import { type ChildProcess, spawn } from 'node:child_process';
import { kill, platform } from 'node:process';

export interface CommandOutcome {
  /** Null where a signal ended it or it could not start. */
  readonly code: number | null;
  /** What it wrote to stdout and stderr, as one text; only the beginning of a long one. */
  readonly output: string;
  /** Whether it was stopped. */
  readonly isStopped: boolean;
}

export interface RunningCommand {
  /** Never rejects. */
  readonly ended: Promise<CommandOutcome>;
  /** Ends it and what it started: asks first, and kills what does not go. */
  stop(): void;
  /** Kills it and what it started. */
  kill(): void;
}

const MOST_OUTPUT = 64 * 2 ** 10;
/** For what it leaves running in the background, which may keep its streams open. */
const DRAIN_MS = 100;
const KILL_MS = 1000;

/** Starts a shell command in a process group of its own, which is stopped after `limitMs`. */
export function startCommand(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  limitMs: number,
): RunningCommand {
  let child: ChildProcess;
  try {
    child = spawn(command, { shell: true, cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    return {
      ended: Promise.resolve({ code: null, output, isStopped: false }),
      stop: () => {},
      kill: () => {},
    };
  }
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    signalGroup(child, 'SIGTERM');
    setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_MS).unref();
  };
  const ended = new Promise<CommandOutcome>((done) => {
    const output = bounded(child);
    const limit = setTimeout(stop, limitMs);
    const end = (code: number | null, text: string) => {
      clearTimeout(limit);
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      done({ code, output: text, isStopped });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('exit', (code) => setTimeout(() => end(code, output()), DRAIN_MS));
    child.on('close', (code) => end(code, output()));
  });
  return { ended, stop, kill: () => signalGroup(child, 'SIGKILL') };
}

/** Takes all that a command writes, and keeps the beginning. */
function bounded(child: ChildProcess): () => string {
  let kept = '';
  let left = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const taken = chunk.slice(0, Math.max(0, MOST_OUTPUT - kept.length));
      kept += taken;
      left += chunk.length - taken.length;
    });
  }
  return () => (left === 0 ? kept : `${kept}\n... and ${left} more characters\n`);
}

function signalGroup({ pid, exitCode }: ChildProcess, signal: NodeJS.Signals): void {
  // Windows has no groups, and a number of a process that has ended may be another's.
  if (pid === undefined || (platform === 'win32' && exitCode !== null)) return;
  try {
    kill(platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}
