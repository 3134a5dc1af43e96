// Whole processes, start to exit, interleaved with their peer: machines drift, so the ratio of each pair is what counts.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { median } from './median.mjs';

const env = { ...process.env };
// Reading extra certificates slows every start of Node, and has nothing to do with the work.
delete env.NODE_EXTRA_CA_CERTS;

const GNU_TIME = '/usr/bin/time';

/** Medians of `runs` interleaved pairs, after one that is not counted. `peer` null: only the subject. */
export function compare({ subject, peer }, runs) {
  const subjectTimes = [];
  const peerTimes = [];
  for (let run = -1; run < runs; run++) {
    const first = wallMs(subject);
    const second = peer === null ? Number.NaN : wallMs(peer);
    if (run < 0) continue;
    subjectTimes.push(first);
    peerTimes.push(second);
  }
  return {
    subjectMs: median(subjectTimes),
    peerMs: median(peerTimes),
    ratio: median(subjectTimes.map((ms, i) => ms / peerTimes[i])),
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

/** What a process prints as its last number; null where it fails. */
export function printedNumber([command, ...args]) {
  const { status, stdout } = spawnSync(command, args, { env });
  return status === 0 ? Number(stdout.toString().trim().split('\n').at(-1)) : null;
}
