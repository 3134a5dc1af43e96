// What both presets say of runs of 20 steps of fresh N(0, I) batches: healthy ones, and ones that shrink, lose rank or
// go to the mean. `npm run bench:sequences -- [--seeds 100] [--results FILE [--seconds N]] [--write]`; --write keeps the first 20 seeds (3 of those that
// collapse) in fixtures/sequences, which the tests judge, and the table in bench/sequences/RESULTS.md.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bundleSources } from '../../scripts/build/sources.mjs';
import { helpOf } from '../shared/usage.mjs';

helpOf('npm run bench:sequences -- [--seeds 100] [--threads N] [--results FILE [--seconds N]] [--write]');

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    threads: { type: 'string', default: String(availableParallelism()) },
    // Measured runs, added to as they come: what is there is not measured again.
    results: { type: 'string' },
    // No run is begun after so many seconds: with --results, the same command goes on from there.
    seconds: { type: 'string', default: 'Infinity' },
    write: { type: 'boolean', default: false },
  },
});
/** Where nobody watches, a line after each so many runs. */
const TOLD = 20;
const KEPT = { healthy: 20, collapsing: 3 };
const HEALTHY_SEEDS = Number(flags.seeds);
const COLLAPSING_SEEDS = Math.max(KEPT.collapsing, Math.ceil(HEALTHY_SEEDS / 20));

const work = mkdtempSync(join(tmpdir(), 'collapse-sequences-'));
const names = ['child', 'make-batch', 'judge-sequence', 'sequence-file'];
await bundleSources(
  names.map((name) => `bench/sequences/${name}.ts`),
  { dir: work, entryFileNames: '[name].mjs' },
);
const [child, ...modules] = names.map((name) => join(work, `${name}.mjs`));
const [batches, judge, files] = await Promise.all(modules.map((path) => import(path)));
const { judgeSequence } = judge;
const { printSequences } = files;
const { SEQUENCES, SHAPES, STEPS } = batches;

const jobs = SHAPES.flatMap(([rows, cols]) =>
  SEQUENCES.flatMap((sequence) =>
    Array.from({ length: sequence === 'healthy' ? HEALTHY_SEEDS : COLLAPSING_SEEDS }, (_, i) => ({
      sequence,
      rows,
      cols,
      seed: i + 1,
    })),
  ),
);
const results =
  flags.results === undefined || !existsSync(flags.results)
    ? []
    : readFileSync(flags.results, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
const nameOf = ({ sequence, rows, cols, seed }) => `${sequence} ${rows} ${cols} ${seed}`;
const known = new Set(results.map(nameOf));
const queue = jobs.filter((job) => !known.has(nameOf(job))).sort((a, b) => a.seed - b.seed);
await Promise.all(Array.from({ length: Number(flags.threads) }, takeJobs));
rmSync(work, { recursive: true });
if (results.length < jobs.length) {
  console.error(`${results.length} of ${jobs.length} runs are measured: go on with --results`);
  process.exit(1);
}

function takeJobs() {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child], { stdio: ['pipe', 'pipe', 'inherit'] });
    const next = () => {
      const job = performance.now() > Number(flags.seconds) * 1000 ? undefined : queue.shift();
      if (job === undefined) process_.stdin.end();
      else process_.stdin.write(`${JSON.stringify(job)}\n`);
    };
    createInterface({ input: process_.stdout }).on('line', (line) => {
      results.push(JSON.parse(line));
      if (flags.results !== undefined) appendFileSync(flags.results, `${line}\n`);
      const told = `${results.length} of ${jobs.length} runs`;
      if (process.stderr.isTTY) process.stderr.write(`\r${told} `);
      else if (results.length % TOLD === 0) console.error(told);
      next();
    });
    process_.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`a child ended with ${code}`)),
    );
    next();
  });
}

const lines = [
  '| batches | runs of 20 steps | seeds | `rfc-0005` alerts in | `jepa` alerts in | its first alert at step | named at the last step |',
  '|:--|:--|--:|--:|--:|:--|:--|',
];
for (const [rows, cols] of SHAPES) {
  for (const sequence of SEQUENCES) {
    const runs = results
      .filter((run) => run.rows === rows && run.cols === cols && run.sequence === sequence)
      .filter(({ seed }) => seed <= (sequence === 'healthy' ? HEALTHY_SEEDS : COLLAPSING_SEEDS))
      .map((run) => ({ verdict: judgeSequence(run.metrics, run.steps) }));
    const alerting = (preset) => runs.filter(({ verdict }) => verdict[preset].length > 0);
    const firsts = alerting('jepa').map(({ verdict }) => Number(verdict.jepa[0].split(' ')[0]));
    const [least, most] = [Math.min(...firsts), Math.max(...firsts)];
    const names = new Map();
    for (const { verdict } of runs) {
      const name = verdict.labels.at(-1);
      names.set(name, (names.get(name) ?? 0) + 1);
    }
    const cells = [
      `${rows}×${cols}`,
      sequence,
      runs.length,
      alerting('rfc0005').length,
      firsts.length,
      firsts.length === 0 ? '–' : least === most ? least : `${least} to ${most}`,
      [...names].map(([name, of]) => `${name} ${of}`).join(', '),
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
}
console.log(lines.join('\n'));
if (flags.write) {
  writeFileSync(
    'bench/sequences/RESULTS.md',
    `${headFor(HEALTHY_SEEDS, COLLAPSING_SEEDS, STEPS)}\n${lines.join('\n')}\n`,
  );
  mkdirSync('fixtures/sequences', { recursive: true });
  for (const [rows, cols] of SHAPES) {
    const own = results
      .filter((run) => run.rows === rows && run.cols === cols)
      .filter(({ sequence, seed }) => seed <= (sequence === 'healthy' ? KEPT.healthy : KEPT.collapsing))
      .sort((a, b) => SEQUENCES.indexOf(a.sequence) - SEQUENCES.indexOf(b.sequence) || a.seed - b.seed);
    writeFileSync(`fixtures/sequences/${rows}x${cols}.json`, printSequences(own[0].metrics, own));
  }
}

function headFor(healthy, collapsing, steps) {
  return `# Healthy and collapsing batches

Runs of ${steps} steps, a fresh batch at each: predictions and targets N(0, I) with a correlation of 0.8, ${healthy} seeds; and
${collapsing} seeds each of runs whose batches shrink by 0.85 a step, keep 0.8 of their dimensions a step at the same variance, or
have more of their rows replaced by the mean at each step, at the last all of them. Both presets judge every step, a supplied kl_reg of 0.
Made by \`npm run bench:sequences -- --seeds ${healthy} --write\`.
`;
}
