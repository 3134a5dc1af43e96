// Whole processes, start to exit, interleaved with their peer: the ratio of each pair is what counts, since machines
// drift. Prints a table and, with --write, bench/RESULTS.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const RUNS = Number(process.env.BENCH_RUNS ?? 9);
const PYTHON = process.env.PYTHON ?? 'python3';
const COLLAPSE = [process.execPath, 'bin/collapse.js'];
const folder = mkdtempSync(join(tmpdir(), 'collapse-bench-'));
const env = { ...process.env };
// Reading extra certificates slows every start of Node, and has nothing to do with the work.
delete env.NODE_EXTRA_CA_CERTS;

const pair = writePair(256, 1024);
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;
const comparisons = [
  {
    name: 'collapse --help',
    subject: [...COLLAPSE, '--help'],
    peerName: 'node -e 0',
    peer: [process.execPath, '-e', '0'],
    limit: 2.5,
  },
  {
    name: 'collapse check, one 256×1024 float32 pair',
    subject: [...COLLAPSE, 'check', ...pair, '--json'],
    peerName: 'numpy, the same seven',
    peer: hasNumpy ? [PYTHON, 'bench/peers/seven_metrics.py', ...pair] : null,
    limit: 1.5,
  },
];

const rows = comparisons.map((comparison) =>
  comparison.peer === null ? { ...comparison, skipped: 'numpy is not installed' } : compare(comparison),
);
const lines = [
  '| what | ms | peer | ms | ratio | at most |',
  '|---|---|---|---|---|---|',
  ...rows.map((r) =>
    r.skipped
      ? `| ${r.name} | | ${r.peerName} | | not measured: ${r.skipped} | ${r.limit} |`
      : `| ${r.name} | ${r.subjectMs.toFixed(0)} | ${r.peerName} | ${r.peerMs.toFixed(0)} | ${r.ratio.toFixed(2)} | ${r.limit} |`,
  ),
];
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}${hasNumpy ? `, ${numpyVersion()}` : ''}`;
console.log(`${machine}; median of ${RUNS} interleaved pairs\n\n${lines.join('\n')}`);
if (process.argv.includes('--write')) {
  writeFileSync(
    'bench/RESULTS.md',
    `# Results\n\nWhole processes, start to exit. Medians of ${RUNS} interleaved pairs; the ratio is the median of the pairs' ratios. Made by \`npm run bench -- --write\` on ${machine}.\n\n${lines.join('\n')}\n`,
  );
}
rmSync(folder, { recursive: true });

function compare(comparison) {
  const subjectTimes = [];
  const peerTimes = [];
  for (let run = -1; run < RUNS; run++) {
    const subject = time(comparison.subject);
    const peer = time(comparison.peer);
    if (run < 0) continue;
    subjectTimes.push(subject);
    peerTimes.push(peer);
  }
  const ratios = subjectTimes.map((ms, i) => ms / peerTimes[i]);
  return {
    ...comparison,
    subjectMs: median(subjectTimes),
    peerMs: median(peerTimes),
    ratio: median(ratios),
  };
}

function time([command, ...args]) {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, maxBuffer: 2 ** 28 });
  const ms = performance.now() - start;
  if (status !== 0 && status !== 1)
    throw new Error(`${command} ${args.join(' ')} exited ${status}: ${stderr}`);
  return ms;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function numpyVersion() {
  return spawnSync(PYTHON, ['-c', 'import numpy; print("numpy", numpy.__version__)'])
    .stdout.toString()
    .trim();
}

/** Seeded normal values as prediction.npy and target.npy; returns their paths. */
function writePair(rows, cols) {
  const dir = join(folder, `${rows}x${cols}`);
  mkdirSync(dir);
  return ['prediction', 'target'].map((role, seed) => {
    const path = join(dir, `${role}.npy`);
    const next = normals(seed + 1);
    writeFileSync(path, npy(Float32Array.from({ length: rows * cols }, next), [rows, cols]));
    return path;
  });
}

function normals(seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function npy(values, shape) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${text.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header, 'latin1'), Buffer.from(values.buffer)]);
}
