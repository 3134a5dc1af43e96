// Runs of many small steps, one step more of a long run, later checks in one process, and what remarks cost.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleExecutable } from '../../scripts/build/bundle.mjs';
import { median } from '../shared/median.mjs';
import { writePair, writeRun } from './data.mjs';
import { inTurns, usage } from './processes.mjs';

/**
 * Rows of [what, what it may be, a figure of each engine], of runs below `folder`: `engines` are what starts a check on
 * either Node. Runs of many steps are measured once, remarks on the first engine alone.
 */
export async function manySteps(folder, { runs, engines }) {
  const rows = [];
  const each = (figure) => engines.map(figure);
  const used = (run, ...args) => each((collapse) => usage(collapse('check', run, ...args)));
  const many = writeRun(join(folder, 'many'), 10_000, 16, 32);
  rows.push(...stepsRows('10,000 steps of 16×32', used(many), [4, 120]));
  const one = join(folder, 'one');
  cpSync(join(many, 'step_10000'), join(one, 'step_10000'), { recursive: true });
  const newest = each((collapse) =>
    cpuRatio(runs, {
      last: () => eightTimes(collapse('check', many, '--last', '1')),
      alone: () => eightTimes(collapse('check', one)),
    }),
  );
  rows.push(row('`--last 1` of 10,000 step directories / a run of one, CPU', newest, 1.2));
  rmSync(many, { recursive: true });
  const most = writeRun(join(folder, 'most'), 100_000, 16, 32);
  rows.push(...stepsRows('100,000 steps of 16×32', used(most), [40, 250]));
  rows.push(...stepsRows('100,000 steps of 16×32, one thread', used(most, '--threads', '1'), [40, 250]));
  rmSync(most, { recursive: true });
  rows.push(stateRow(folder, runs, each));
  for (const [n, d, most] of [
    [256, 64, 15],
    [2048, 256, 100],
  ]) {
    rows.push(...(await serveRows(folder, n, d, most, runs, engines)));
  }
  rows.push(...(await remarkRows(folder, runs, engines[0])));
  return rows;
}

/** Its cells; a figure that is not there stays empty. */
function row(what, figures, most, unit = '') {
  const text = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  return [
    what,
    most === null ? '' : `${most}${unit}`,
    ...figures.map((value) => (value === null ? '' : `${text(value)}${unit}`)),
  ];
}

function stepsRows(what, used, [seconds, mebibytes]) {
  const of = (field) => used.map((one) => one?.[field] ?? null);
  return [
    row(`${what}, CPU`, of('seconds'), seconds, ' s'),
    row('the same, peak memory', of('mebibytes'), mebibytes, ' MiB'),
  ];
}

/** The median ratio of the CPU times, user and system, of two processes in turns. */
function cpuRatio(runs, commands) {
  const ratios = [];
  for (let turn = 0; turn < runs; turn++) {
    const [subject, peer] = Object.values(commands).map((argv) => usage(argv()));
    if (subject === null || peer === null) return null;
    ratios.push(subject.seconds / peer.seconds);
  }
  return median(ratios);
}

/** A process that takes a tenth of a second, as often as the hundredths in which its time is counted ask for. */
function eightTimes(argv) {
  return ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do "$@"; done', 'sh', ...argv];
}

function stateRow(folder, runs, each) {
  const run = writeRun(join(folder, 'kept'), 1001, 16, 32);
  const [full, state] = [join(folder, 'full.state'), join(folder, 'one-more.state')];
  const ratios = each((collapse) => {
    rmSync(full, { recursive: true, force: true });
    const [command, ...args] = collapse('check', run, '--steps', '1..1000', '--state', full);
    spawnSync(command, args);
    return cpuRatio(runs, {
      kept: () => {
        copyFileSync(full, state);
        return collapse('check', run, '--state', state);
      },
      without: () => collapse('check', run),
    });
  });
  rmSync(run, { recursive: true });
  return row('`--state` of 1,000 steps and one more / without, CPU', ratios, 1.1);
}

/** Checks of one shape after the first in one process, wall time, and the same to processes of their own. */
async function serveRows(folder, n, d, most, runs, engines) {
  const paths = writePair(join(folder, `serve-${n}x${d}`), n, d);
  const later = [];
  for (const collapse of engines) later.push(await laterCheck(paths, runs, collapse));
  const shares = engines.map((collapse, i) => {
    const spawned = inTurns({ check: collapse('check', ...paths, '--json') }, runs).ms('check');
    return later[i] / spawned;
  });
  return [
    row(`a later check of \`serve\`, ${n}×${d}`, later, most, ' ms'),
    row('the same / a check in a process of its own', shares, n === 2048 ? 0.2 : null),
  ];
}

/** The median time, in ms, of checks after the fourth in one process of `serve`. */
async function laterCheck(paths, runs, collapse) {
  const [command, ...args] = collapse('serve');
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let answered = () => {};
  let text = '';
  server.stdout.on('data', (chunk) => {
    text += chunk;
    if (!text.endsWith('\n')) return;
    text = '';
    answered();
  });
  const times = [];
  for (let step = 1; step <= 4 * runs + 4; step++) {
    const start = performance.now();
    const answer = new Promise((done) => {
      answered = done;
    });
    server.stdin.write(`${JSON.stringify({ run: 'run', step, paths })}\n`);
    await answer;
    if (step > 4) times.push(performance.now() - start);
  }
  server.stdin.end();
  return median(times);
}

/** What a check costs more for its remarks: beside a bundle that makes none. */
async function remarkRows(folder, runs, collapse) {
  const bare = join(folder, 'without-remarks');
  cpSync('bin', join(bare, 'bin'), { recursive: true });
  await bundleExecutable(join(bare, 'dist'), [
    {
      name: 'without-remarks',
      transform: (_, id) =>
        id === resolve('src/measure/remarks.ts')
          ? 'export const REMARKS_NEEDS = {}; export const remarksOf = () => ({ remarks: [] });'
          : null,
    },
  ]);
  return [
    ['40 steps of 256×128', writeRun(join(folder, 'forty'), 40, 256, 128)],
    ['one step of 4096×1024', ...writePair(join(folder, 'large-step'), 4096, 1024)],
  ].map(([name, ...paths]) => {
    const ratio = cpuRatio(2 * runs + 1, {
      with: () => collapse('check', ...paths),
      without: () => [process.execPath, join(bare, 'bin', 'collapse.js'), 'check', ...paths],
    });
    return row(`remarks on ${name}: with / without, CPU`, [ratio], 1.03);
  });
}
