// Whole processes, start to exit, in turns with their peers: machines drift, so what counts is the ratio within a turn.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { median } from '../shared/median.mjs';

const env = { ...process.env };
// Reading extra certificates slows every start of Node, and has nothing to do with the work.
delete env.NODE_EXTRA_CA_CERTS;
// Set where a debugger or a container wants another kernel than the machine's: it would slow the peers.
delete env.OPENBLAS_CORETYPE;

const GNU_TIME = '/usr/bin/time';

/**
 * Runs each of `commands` (name → argv; null for one that is not there) `runs` times in turns, after a turn that is
 * not counted. `once` names those that run in one turn alone, because they are slow.
 */
export function inTurns(commands, runs, once = []) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let turn = runs > 1 ? -1 : 0; turn < runs; turn++) {
    for (const [name, argv] of Object.entries(commands)) {
      if (argv === null || (once.includes(name) && turn !== 0)) continue;
      const ms = wallMs(argv);
      if (turn >= 0) times[name].push(ms);
    }
  }
  return {
    ms: (name) => (times[name]?.length > 0 ? median(times[name]) : null),
    /** The least: what a start costs when nothing is in its way. */
    least: (name) => Math.min(...times[name]),
    /** The median of the turns' ratios; null where one of them was not there. */
    ratio: (name, peer) => {
      const pairs = (times[name] ?? []).flatMap((ms, turn) => {
        const other = times[peer]?.[turn];
        return other === undefined ? [] : [ms / other];
      });
      return pairs.length > 0 ? median(pairs) : null;
    },
  };
}

function wallMs([command, ...args]) {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, maxBuffer: 2 ** 28 });
  const ms = performance.now() - start;
  if (status !== 0 && status !== 1) {
    throw new Error(`${command} ${args.join(' ')} exited ${status}: ${stderr}`);
  }
  return ms;
}

/** Peak resident memory in MiB; null where GNU time is not there to tell. */
export function peakMiB(command) {
  if (!existsSync(GNU_TIME)) return null;
  const { stderr } = spawnSync(GNU_TIME, ['-f', '%M', ...command], { env, maxBuffer: 2 ** 28 });
  return Number(stderr.toString().trim().split('\n').at(-1)) / 1024;
}

/** CPU time, user and system, in seconds, peak resident memory, the exit code and what was printed; null where GNU time is not there to tell. */
export function usage(command) {
  if (!existsSync(GNU_TIME)) return null;
  const argv = ['-f', '%U %S %M', ...command];
  const { stdout, stderr, status } = spawnSync(GNU_TIME, argv, { env, maxBuffer: 2 ** 28 });
  const [user, system, kibibytes] = stderr.toString().trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds: user + system, mebibytes: kibibytes / 1024, status, text: `${stdout}${stderr}` };
}

/** What a process prints, trimmed; null where it fails or is not there. */
export function printed([command, ...args]) {
  const { status, stdout } = spawnSync(command, args, { env });
  return status === 0 ? stdout.toString().trim() : null;
}

/** What a process prints as its last number; null where it fails. */
export function printedNumber(argv) {
  const text = printed(argv);
  return text === null ? null : Number(text.split('\n').at(-1));
}
