// Speed beside the peers: `npm run bench -- [--large] [--write]`. Prints tables; --write puts them in bench/RESULTS.md.
// BENCH_RUNS sets the number of interleaved pairs, PYTHON the interpreter of the peers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { writePair, writeRun } from './data.mjs';
import { loadKernels, uniformFloats, warmTimes } from './kernels.mjs';
import { compare, peakMiB, printedNumber } from './processes.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const PYTHON = process.env.PYTHON ?? 'python3';
const COLLAPSE = [process.execPath, 'bin/collapse.js'];
const load = loadavg()[0] ?? 0;
const LARGE = process.argv.includes('--large');
const folder = mkdtempSync(join(tmpdir(), 'collapse-bench-'));
const threads = cpus().length;
const has = (module) => spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
const peers = { numpy: has('numpy'), scipy: has('scipy'), torch: has('torch') };

/** [rows, cols, at most this many times the peer's time]. */
const SHAPES = [
  [256, 192, null],
  [256, 1024, 0.8],
  [1024, 1024, 1.05],
  [2048, 768, 1.05],
  [4096, 1024, 1.2],
  ...(LARGE
    ? [
        [8192, 1024, 1.2],
        [4096, 4096, null],
      ]
    : []),
];

try {
  const sections = [processTable(), await kernelTable(), await factorTable()];
  const text = sections.join('\n\n');
  console.log(`${machine()}\n\n${text}`);
  if (process.argv.includes('--write')) {
    writeFileSync(
      'bench/RESULTS.md',
      `# Results\n\nMade by \`npm run bench -- ${process.argv.slice(2).join(' ')}\` on ${machine()}. The machine's load when it began was ${load.toFixed(1)}: subject and peer take turns, so that both see the same machine.\n\n${text}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
// Helpers of the kernels wait for work that will not come.
process.exit();

function processTable() {
  const rows = [
    {
      name: '`collapse --help`',
      subject: [...COLLAPSE, '--help'],
      peerName: '`node -e 0`',
      peer: [process.execPath, '-e', '0'],
      limit: 2.5,
    },
    ...SHAPES.map(([n, d, limit]) => {
      const pair = writePair(join(folder, `${n}x${d}`), n, d);
      return {
        name: `\`check\`, ${n}×${d}`,
        subject: [...COLLAPSE, 'check', ...pair, '--json'],
        peerName: 'numpy, the same seven',
        peer: peers.numpy ? [PYTHON, 'bench/peers/seven_metrics.py', ...pair] : null,
        limit,
      };
    }),
  ];
  const run = writeRun(join(folder, 'run'), 200, 256, 1024);
  rows.push({
    name: '`check`, 200 steps of 256×1024',
    subject: [...COLLAPSE, 'check', run, '--json'],
    peerName: 'numpy, the same seven',
    peer: peers.numpy ? [PYTHON, 'bench/peers/seven_metrics_run.py', run] : null,
    limit: 0.6,
  });
  const lines = rows.map((row) => {
    const { subjectMs, peerMs, ratio } = compare(row, RUNS);
    const peak = peakMiB(row.subject);
    return [
      ...[row.name, ms(subjectMs), peak === null ? '' : peak.toFixed(0)],
      ...[row.peerName, ms(peerMs), Number.isNaN(ratio) ? 'not there' : ratio.toFixed(2), row.limit ?? ''],
    ];
  });
  return `## Whole processes\n\nMedians of ${RUNS} interleaved pairs; the ratio is the median of the pairs' ratios.\n\n${table(['what', 'ms', 'peak MiB', 'peer', 'ms', 'ratio', 'at most'], lines)}`;
}

async function kernelTable() {
  const { serialKernels, createWasmKernels } = await loadKernels(folder);
  const plain = createWasmKernels('plain');
  const relaxed = createWasmKernels('relaxed');
  const threaded = createWasmKernels('relaxed');
  threaded.startThreads(threads);
  const lines = [];
  for (const [n, d] of SHAPES) {
    const x = uniformFloats(n * d);
    const products = (n * (n - 1) * d) / 2;
    const [a, b, c] = warmTimes([plain, relaxed, threaded], (k) => k.sumPairwiseDistances(x, n, d), RUNS);
    const [serial] =
      products < 3e9 ? warmTimes([serialKernels], (k) => k.sumPairwiseDistances(x, n, d), 1) : [NaN];
    const path = join(folder, `${n}x${d}`, 'prediction.npy');
    const peer = (name) =>
      peers[name === 'gram' ? 'numpy' : name]
        ? printedNumber([PYTHON, 'bench/peers/pdist.py', name, path])
        : null;
    const loops =
      n * d <= 256 * 192 && peers.numpy
        ? printedNumber([PYTHON, 'bench/peers/reference_loops.py', path])
        : null;
    lines.push([
      `${n}×${d}`,
      ...[serial, a, b, c].map(ms),
      (products / b / 1e6).toFixed(1),
      ...[peer('gram'), peer('scipy'), peer('torch'), loops].map(ms),
    ]);
  }
  return `## Mean pairwise distance, the kernel alone\n\nMilliseconds, warm. Gpd/s: 1e9 pairs × dimensions a second, of one thread with relaxed SIMD; ${slopes(lines)}.\n\n${table(['shape', 'serial', 'SIMD', 'relaxed SIMD', `${threads} threads`, 'Gpd/s', 'numpy Gram', 'scipy pdist', 'torch.pdist', 'Python loops'], lines)}`;
}

/** Growth with N between the two shapes of 1024 dimensions that lie furthest apart. */
function slopes(lines) {
  const at = lines
    .filter(([shape]) => shape.endsWith('×1024'))
    .map(([shape, , , time]) => [Number.parseInt(shape, 10), Number(time)]);
  const [first, last] = [at.at(0), at.at(-1)];
  const slope = Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
  return `time grows as N^${slope.toFixed(2)} from ${first[0]} to ${last[0]} rows of 1024`;
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
  const calls = {
    'covariance (Gram of columns)': (k) => k.gramOfColumns(x, n, n, new Float64Array(n * n)),
    Cholesky: (k) => k.cholesky(loaded.slice(), n),
    'QR of 2048×1024': (k) => k.qrDiagonal(tall.slice(), n, 2 * n),
    eigenvalues: (k) => k.symmetricEigenvalues(gram.slice(), n),
  };
  const lines = Object.entries(calls).map(([name, call]) => {
    const [serial] = warmTimes([serialKernels], call, 1);
    const [fast] = warmTimes([relaxed], call, RUNS);
    return [name, ms(serial), ms(fast), (serial / fast).toFixed(1)];
  });
  return `## Factorisations at 1024\n\nMilliseconds, warm, one thread.\n\n${table(['what', 'serial', 'relaxed SIMD', 'times faster'], lines)}`;
}

function ms(value) {
  if (value === null || Number.isNaN(value)) return '';
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function table(head, lines) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

function machine() {
  const versions = Object.entries(peers)
    .filter(([, there]) => there)
    .map(
      ([name]) =>
        `${name} ${spawnSync(PYTHON, ['-c', `import ${name}; print(${name}.__version__)`])
          .stdout.toString()
          .trim()}`,
    );
  const cpu = cpus()[0]?.model.trim();
  return `${threads} × ${cpu}, ${arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${[`Node ${process.version}`, ...versions].join(', ')}`;
}
