// Speed beside the peers: `npm run bench -- [--large] [--write]`. Prints tables; --write puts them in bench/speed/RESULTS.md.
// BENCH_RUNS sets the number of turns and BENCH_ONLY takes one section of SECTIONS; PYTHON is the interpreter with numpy and scipy, TORCH_PYTHON the one with torch,
// NODE_NEW a newer Node that the same checks run on as well.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../shared/machine.mjs';
import { helpOf } from '../shared/usage.mjs';
import { ceilingMeters } from './ceiling.mjs';
import { writeLargePair, writePair, writeRun } from './data.mjs';
import { eigenPeers } from './eigen-peers.mjs';
import { loadKernels, sharesOfCeiling, uniformFloats, warmTimes } from './kernels.mjs';
import { manySteps } from './many-steps.mjs';
import { memoryRows } from './memory.mjs';
import { moduleVersion, numpyPeers } from './numpys.mjs';
import { inTurns, peakMiB, printed, printedNumber } from './processes.mjs';
import { buildWithoutReporters } from './without-reporters.mjs';

helpOf(
  'npm run bench -- [--large] [--write]; BENCH_RUNS, BENCH_ONLY, PYTHON, TORCH_PYTHON and NODE_NEW: bench/speed/README.md',
);

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const TORCH_PYTHON = process.env.TORCH_PYTHON ?? '/usr/bin/python3';
const NODE_NEW = process.env.NODE_NEW;
const NEWER = NODE_NEW === undefined ? null : printed([NODE_NEW, '--version']);
const LARGE = process.argv.includes('--large');
const ONLY = process.env.BENCH_ONLY;
const load = loadavg()[0] ?? 0;
const folder = mkdtempSync(join(tmpdir(), 'collapse-bench-'));
const threads = cpus().length;
const numpys = numpyPeers();
const PYTHON = numpys[0]?.python ?? 'python3';
const peers = {
  numpy: numpys[0]?.version ?? null,
  scipy: moduleVersion(PYTHON, 'scipy'),
  torch: moduleVersion(TORCH_PYTHON, 'torch'),
};

/** Rows, columns, and what the seven may take of numpy's time; the default group and all metrics, of the seven's. */
const SHAPES = [
  { n: 256, d: 192 },
  { n: 256, d: 1024, core: 0.62 },
  { n: 1024, d: 1024, core: 0.7 },
  { n: 2048, d: 768 },
  { n: 4096, d: 1024, core: 0.7, all: 3.5 },
  ...(LARGE
    ? [
        { n: 8192, d: 1024 },
        { n: 4096, d: 4096 },
      ]
    : []),
];
const START_AT_MOST_MS = 5;
/** Products past which fewer turns say enough, and past which serial loops take too long. */
const MANY_PRODUCTS = 1.5e10;
const SERIAL_PRODUCTS = 4e9;

const SECTIONS = {
  processes: processTable,
  ...(LARGE ? { large: largeStep } : {}),
  start: startTable,
  steps: stepsTable,
  memory: memoryTable,
  kernels: kernelTable,
  others: factorTable,
};

try {
  const asked = Object.entries(SECTIONS).filter(([name]) => ONLY === undefined || name === ONLY);
  const sections = [];
  for (const [name, section] of asked) {
    process.stderr.write(`${name} …\n`);
    sections.push(await section());
  }
  const text = sections.join('\n\n');
  console.log(`${machineAndPeers()}\n\n${text}`);
  if (process.argv.includes('--write')) {
    const how = ['npm run bench --', ...process.argv.slice(2)].join(' ');
    const misses = readFileSync('bench/speed/MISSES.md', 'utf8');
    writeFileSync(
      'bench/speed/RESULTS.md',
      `# Results\n\nMade by \`${how}\` on ${machineAndPeers()}. The machine's load when it began was ${load.toFixed(1)}: subject and peers take turns, so that all see the same machine.\n\n${text}\n\n${misses}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
// Helpers of the kernels wait for work that will not come.
process.exit();

function collapse(...args) {
  return [process.execPath, 'bin/collapse.js', ...args];
}

/** The same on the newer Node. */
function onNewer(...args) {
  return NODE_NEW === undefined ? null : [NODE_NEW, 'bin/collapse.js', ...args];
}

/** Cells of a table that are there only with a newer Node. */
function ifNewer(...cells) {
  return NODE_NEW === undefined ? [] : cells;
}

function processTable() {
  const pairs = SHAPES.map(({ n, d, ...atMost }) => {
    const paths = writePair(join(folder, `${n}x${d}`), n, d);
    const products = (n * n * d) / 2 + (n * d * Math.min(n, d)) / 2;
    return {
      ...{ name: `${n}×${d}`, paths, atMost },
      runs: products > MANY_PRODUCTS ? Math.min(3, RUNS) : RUNS,
      serial: products < SERIAL_PRODUCTS,
      peer: ['bench/speed/peers/seven_metrics.py', ...paths],
    };
  });
  const run = writeRun(join(folder, 'run'), 200, 256, 1024);
  const rows = [
    ...pairs,
    {
      name: '200 steps of 256×1024',
      ...{ paths: [run], atMost: { core: 0.6, default: 1.4, all: 4 }, runs: RUNS, serial: true },
      peer: ['bench/speed/peers/seven_metrics_run.py', run],
    },
  ];
  const lines = rows.map(({ name, paths, atMost, runs, serial, peer }) => {
    const core = ['check', ...paths, '--metrics', 'core', '--json'];
    const times = inTurns(
      {
        core: collapse(...core),
        ...Object.fromEntries(numpys.map(({ python }) => [python, [python, ...peer]])),
        default: collapse('check', ...paths, '--json'),
        every: collapse('check', ...paths, '--metrics', 'all', '--json'),
        newer: onNewer(...core),
        newerDefault: onNewer('check', ...paths, '--json'),
        newerEvery: onNewer('check', ...paths, '--metrics', 'all', '--json'),
        serial: serial
          ? [process.execPath, '--require', './bench/speed/serial-only.cjs', ...collapse(...core).slice(1)]
          : null,
      },
      runs,
      ['serial'],
    );
    const peak = peakMiB(collapse(...core));
    const faster = numpys.toSorted((a, b) => times.ms(a.python) - times.ms(b.python))[0]?.python;
    return [
      ...[name, ms(times.ms('core')), peak === null ? '' : peak.toFixed(0)],
      ...numpys.map(({ python }) => ms(times.ms(python))),
      against(times.ratio('core', faster), atMost.core),
      against(times.ratio('core', 'serial')),
      ...[ms(times.ms('default')), against(times.ratio('default', 'core'), atMost.default)],
      ...[ms(times.ms('every')), against(times.ratio('every', 'core'), atMost.all)],
      ...ifNewer(
        ...[ms(times.ms('newer')), against(times.ratio('newer', faster))],
        against(times.ratio('newerDefault', 'newer')),
        against(times.ratio('newerEvery', 'newer')),
      ),
    ];
  });
  const head = [
    ...['`check --metrics core`', 'ms', 'peak MiB'],
    ...numpys.map((peer) => `the same seven, ${peer.name}: ms`),
    ...['to the faster numpy', 'to serial kernels'],
    ...['default group: ms', 'to core', 'all metrics: ms', 'to core'],
    ...ifNewer(
      ...[`core on Node ${NEWER}: ms`, 'to the faster numpy'],
      ...['default group to core there', 'all metrics to core there'],
    ),
  ];
  return `## Whole processes\n\nStart to exit. Medians of ${RUNS} turns (${Math.min(3, RUNS)} where a turn takes long; the serial kernels once); a ratio is the median of the turns' ratios, in brackets what it may be. What of numpy's time is its start: below.\n\n${table(head, lines)}`;
}

/** A step that is larger than what may be in memory, written and measured once. */
function largeStep() {
  const paths = writeLargePair(join(folder, 'large'), 1_000_000, 256);
  const argv = collapse('check', ...paths, '--metrics', 'core', '--json');
  const start = performance.now();
  const peak = peakMiB(argv);
  const seconds = (performance.now() - start) / 1000;
  rmSync(join(folder, 'large'), { recursive: true });
  return `## One step of 1,000,000×256\n\n\`check --metrics core\` of 1 GB of float32 predictions and as many targets: ${seconds.toFixed(1)} s, peak memory ${peak === null ? 'unknown' : `${peak.toFixed(0)} MiB`} (may be 512), once.`;
}

async function startTable() {
  const step = writePair(join(folder, 'tiny'), 4, 4);
  const check = ['check', ...step, '--json'];
  const bare = await buildWithoutReporters(join(folder, 'bare'));
  const times = inTurns(
    {
      empty: [process.execPath, '-e', '0'],
      help: collapse('--help'),
      check: collapse(...check),
      table: collapse(...check.slice(0, -1)),
      bare: [process.execPath, bare, ...check],
      uncached: ['env', 'COLLAPSE_CODE_CACHE=0', ...collapse(...check)],
      emptyNew: NODE_NEW === undefined ? null : [NODE_NEW, '-e', '0'],
      checkNew: onNewer(...check),
      ...Object.fromEntries(numpys.map(({ python }) => [python, [python, '-c', 'import numpy']])),
    },
    4 * RUNS,
  );
  const added = times.least('check') - times.least('bare');
  return `## Start\n\nMedians of ${4 * RUNS} turns, on a step of 4×4. Other reports than the table and JSON, and the commands that came with them, add ${added.toFixed(1)} ms to the start of \`check\` (may be ${START_AT_MOST_MS}): the difference to a bundle without them, of the least times.\n\n${table(
    ['what', 'ms', 'to `node -e 0`'],
    [
      ['`node -e 0`', ms(times.ms('empty')), ''],
      ['`collapse --help`', ms(times.ms('help')), against(times.ratio('help', 'empty'), 2.5)],
      ['`collapse check --json`', ms(times.ms('check')), against(times.ratio('check', 'empty'), 2.6)],
      ['the same without the other reports', ms(times.ms('bare')), against(times.ratio('bare', 'empty'))],
      ['`collapse check`, a table', ms(times.ms('table')), against(times.ratio('table', 'empty'), 2.9)],
      [
        '`collapse check --json` without the cache of compiled code',
        ms(times.ms('uncached')),
        against(times.ratio('uncached', 'empty')),
      ],
      ...ifNewer([
        `\`collapse check --json\` on Node ${NEWER}`,
        ms(times.ms('checkNew')),
        `${against(times.ratio('checkNew', 'emptyNew'), 2.2)}, its own \`-e 0\``,
      ]),
      ...numpys.map(({ name, python }) => [
        `\`import numpy\`, ${name}`,
        ms(times.ms(python)),
        against(times.ratio(python, 'empty')),
      ]),
    ],
  )}`;
}

async function stepsTable() {
  const engines = NODE_NEW === undefined ? [collapse] : [collapse, onNewer];
  const rows = await manySteps(join(folder, 'steps'), { runs: RUNS, engines });
  const head = ['what', 'may be', 'is', ...ifNewer(`on Node ${NEWER}`)];
  const lines = rows.map((row) => head.map((_, i) => row[i] ?? ''));
  return `## Many steps\n\nCPU times are user and system together; ratios are medians of turns.\n\n${table(head, lines)}`;
}

function memoryTable() {
  mkdirSync(join(folder, 'memory'));
  const rows = memoryRows(join(folder, 'memory'), { large: LARGE, collapse });
  return `## Memory\n\nPeak resident memory under \`--max-memory\`, once; the limit is the budget and 150 MiB for the runtime.\n\n${table(['what', 'is', 'may be'], rows)}`;
}

async function kernelTable() {
  const { serialKernels, createWasmKernels } = await loadKernels(folder);
  const plain = createWasmKernels('plain');
  const relaxed = createWasmKernels('relaxed');
  const threaded = createWasmKernels('relaxed');
  threaded.startThreads(threads);
  const meters = await ceilingMeters();
  let most = 0;
  const measured = [];
  for (const { n, d } of SHAPES) {
    const x = uniformFloats(n * d);
    const products = (n * (n - 1) * d) / 2;
    const many = products > MANY_PRODUCTS;
    const call = (kernels) => kernels.sumPairwiseDistances(x, n, d);
    const turns = many ? Math.min(3, RUNS) : RUNS;
    const [a, b] = sharesOfCeiling([plain, relaxed], meters, n, d, turns);
    const [c] = warmTimes([threaded], call, turns);
    most = Math.max(most, b.ceiling);
    const [serial] = products < SERIAL_PRODUCTS ? warmTimes([serialKernels], call, 1) : [null];
    const [path] = writePair(join(folder, `${n}x${d}`), n, d);
    const peer = (python, name, there) =>
      there === null ? null : printedNumber([python, 'bench/speed/peers/pdist.py', name, path]);
    const loops =
      n * d <= 256 * 192 && peers.numpy !== null
        ? printedNumber([PYTHON, 'bench/speed/peers/reference_loops.py', path])
        : null;
    const scipy = peer(PYTHON, 'scipy', peers.scipy);
    const torch = peer(TORCH_PYTHON, 'torch', peers.torch);
    measured.push({ n, d, time: b.ms });
    const speedOf = ({ rate, share }) => `${rate.toFixed(1)} (${(100 * share).toFixed(0)} %)`;
    const times = (other) => (other === null ? '' : `${ms(other)} (${(other / c).toFixed(1)})`);
    measured.at(-1).line = [
      ...[`${n}×${d}`, ms(serial), ms(a.ms), ms(b.ms), ms(c), speedOf(a), speedOf(b)],
      ...[times(peer(PYTHON, 'gram', peers.numpy)), times(scipy), times(torch), times(loops)],
    ];
  }
  const gone = peers.torch === null ? ` ${TORCH_PYTHON} has no torch.` : '';
  return `## Mean pairwise distance, the kernel alone\n\nMilliseconds, warm. Least of the turns for one thread, medians for ${threads}. Gpd/s: 1e9 pairs × dimensions a second, of one thread; in brackets the share of what 128-bit fused products in registers reach between the same turns, ${most.toFixed(1)} Gpd/s at most. Behind each peer's time, how many times that of ${threads} threads. ${slopes(measured)}.${gone}\n\n${table(
    [
      'shape',
      'serial',
      'SIMD',
      'relaxed SIMD',
      `${threads} threads`,
      'Gpd/s, SIMD',
      'Gpd/s, relaxed',
      'numpy Gram',
      'scipy pdist',
      'torch.pdist',
      'Python loops',
    ],
    measured.map(({ line }) => line),
  )}`;
}

/** Growth, as exponents: between shapes that differ in N alone and in D alone. */
function slopes(measured) {
  const between = (first, last, of) =>
    (Math.log(last.time / first.time) / Math.log(of(last) / of(first))).toFixed(2);
  const tall = measured.filter(({ d }) => d === 1024);
  const byRows = `Time grows as N^${between(tall.at(0), tall.at(-1), ({ n }) => n)} from ${tall.at(0).n} to ${tall.at(-1).n} rows of 1024`;
  const same = measured.filter(({ n }) => n === (LARGE ? 4096 : 256));
  return `${byRows}, and as D^${between(same.at(0), same.at(-1), ({ d }) => d)} from ${same.at(0).d} to ${same.at(-1).d} dimensions of ${same[0].n} rows`;
}

async function factorTable() {
  const { serialKernels, createWasmKernels } = await loadKernels(folder);
  const relaxed = createWasmKernels('relaxed');
  const n = 1024;
  const x = uniformFloats(n * n);
  const gram = new Float64Array(n * n);
  relaxed.gram(x, n, n, gram);
  const loaded = gram.slice();
  for (let i = 0; i < n; i++) loaded[i * n + i] += 1;
  const tall = new Float64Array(n * 2 * n);
  for (let j = 0; j < n; j++) {
    tall.set(x.subarray(j * n, j * n + n), j * 2 * n);
    tall[j * 2 * n + n + j] = 1e-3;
  }
  const mean = new Float64Array(n);
  const drawn = Float64Array.from(x, (v) => v / Math.sqrt(n / 3));
  const directions = { count: n, draw: (from, count) => drawn.subarray(from * n, (from + count) * n) };
  const calls = {
    'covariance (Gram of columns)': (k) => k.gramOfColumns(x, n, n, new Float64Array(n * n)),
    'products of two sets of rows': (k) =>
      k.rowProducts({ x, xRows: n, y: x, yRows: n, cols: n }, new Float64Array(n * n)),
    'phases of projections on as many directions': (k) =>
      k.phaseSums({ x, rows: n, cols: n, directions, step: 3 / 16, limit: 1e8 }),
    Cholesky: (k) => k.cholesky(loaded.slice(), n),
    'QR of 2048×1024': (k) => k.qrFactor(tall.slice(), n, 2 * n),
    eigenvalues: (k) => k.tridiagonalEigenvalues(k.tridiagonalsOf([{ data: gram }], n)),
    'means and extremes of columns': (k) => k.surveyColumns(x, n, n),
    'moments of columns': (k) => k.columnMoments(x, n, n, mean),
    'products of columns': (k) => k.columnProducts({ x, y: x, rows: n, cols: n }, mean, mean),
    'sums over pairs of rows': (k) => k.rowPairSums({ x, y: x, rows: n, cols: n }),
  };
  const lines = Object.entries(calls).map(([name, call]) => {
    const [serial] = warmTimes([serialKernels], call, 1);
    const [fast] = warmTimes([relaxed], call, RUNS);
    return [name, ms(serial), ms(fast), (serial / fast).toFixed(1)];
  });
  const eigen = eigenPeers(relaxed, n, RUNS, PYTHON);
  const told = `1024 eigenvalues: ${ms(eigen.ms)} ms, ml-matrix ${ms(eigen.mlMatrixMs)} ms (${against(eigen.timesFaster)} times, at least 20), numpy's eigvalsh ${ms(eigen.numpyMs)} ms; largest difference from ml-matrix ${eigen.difference.toExponential(1)} of the largest.`;
  return `## Other kernels at 1024×1024\n\nMilliseconds, warm, one thread.\n\n${table(['what', 'serial', 'relaxed SIMD', 'times faster'], lines)}\n\n${told}`;
}

function ms(value) {
  if (value === null || Number.isNaN(value)) return '';
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function against(ratio, atMost) {
  if (ratio === null) return '';
  return atMost === undefined ? ratio.toFixed(2) : `${ratio.toFixed(2)} (≤ ${atMost})`;
}

function table(head, lines) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

function machineAndPeers() {
  const others = ['scipy', 'torch'].filter((name) => peers[name] !== null);
  return [
    machine(),
    ...numpys.map(({ name, blas }) => `${name} with ${blas}`),
    ...others.map((name) => `${name} ${peers[name]}`),
  ].join(', ');
}
