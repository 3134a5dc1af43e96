// How fast and in how much memory files are read, beside what reading their bytes alone costs. Every measurement is a
// process of its own, interleaved with its peer; the median of the pairs' ratios is what counts. Prints a table and,
// with --write, bench/read/RESULTS.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSources } from '../../scripts/build/sources.mjs';
import { machine } from '../shared/machine.mjs';
import { median } from '../shared/median.mjs';
import { helpOf } from '../shared/usage.mjs';

helpOf(
  'npm run bench:read -- [--write]; BENCH_RUNS is the number of turns, ONLY takes the rows that contain it',
);

const RUNS = Number(process.env.BENCH_RUNS ?? 7);
const folder = mkdtempSync(join(tmpdir(), 'collapse-read-'));
const [child, files] = await Promise.all(['child', 'files'].map(bundle));
execFileSync(process.execPath, ['--max-old-space-size=4096', files, folder], { stdio: 'inherit' });
const places = JSON.parse(readFileSync(join(folder, 'places.json'), 'utf8'));

const MATRIX = 2 ** 28;
const COMPARISONS = [
  { what: '.npy float32', file: 'npy', peer: ['raw', 'npy', 'its bytes into a fresh buffer'], atMost: 1.2 },
  {
    what: '.npy float32, checked for NaN and Inf',
    file: 'npy',
    how: 'checked',
    peer: ['raw', 'npy', 'its bytes into a fresh buffer'],
    atMost: 1.5,
  },
  { what: '.npy float16', file: 'f2.npy', peer: ['npyjs', 'f2.npy', 'npyjs'], atMost: 1 / 3 },
  { what: '.npy float32, Fortran order', file: 'fortran.npy', peer: ['read', 'npy', 'C order'], atMost: 4 },
  {
    what: 'Arrow, uncompressed',
    file: 'arrow',
    peer: ['raw', 'arrow', 'its bytes into a fresh buffer'],
    atMost: 2,
  },
  { what: 'Arrow, LZ4', file: 'lz4.arrow', peer: ['lz4', 'lz4.arrow', 'the decoder alone'], atMost: 1.3 },
  { what: '.npz, stored', file: 'npz', peer: ['raw', 'npz', 'its bytes into a fresh buffer'] },
  { what: '.npz, deflated', file: 'deflated.npz', peer: ['inflate', 'deflated.npz', 'zlib alone'] },
  {
    what: 'safetensors float32',
    file: 'safetensors',
    peer: ['raw', 'safetensors', 'its bytes into a fresh buffer'],
  },
];

const rows = COMPARISONS.filter(
  ({ what }) => process.env.ONLY === undefined || what.includes(process.env.ONLY),
).map(compare);
const lines = [
  '| what | ms | peer | ms | ratio | at most | memory / matrix |',
  '|---|---|---|---|---|---|---|',
  ...rows.map(
    (r) =>
      `| ${r.what} | ${r.ms.toFixed(0)} | ${r.peer[2]} | ${r.peerMs.toFixed(0)} | ${r.ratio.toFixed(2)} | ${r.atMost?.toFixed(2) ?? ''} | ${(r.peak / MATRIX).toFixed(2)} |`,
  ),
];
console.log(`${machine()}; median of ${RUNS} interleaved pairs\n\n${lines.join('\n')}`);
if (process.argv.includes('--write')) {
  writeFileSync(
    'bench/read/RESULTS.md',
    `# Reading files\n\nMatrices of 65,536 × 1,024 values, 256 MiB as float32, from files that the system has in memory. Medians of ${RUNS} interleaved pairs of processes, the code loaded before the clock starts; the ratio is the median of the pairs' ratios. Memory is the peak of the process beyond what it held before the read. Made by \`npm run bench:read -- --write\` on ${machine()}.\n\n${lines.join('\n')}\n`,
  );
}
rmSync(folder, { recursive: true });

async function bundle(name) {
  const file = join(folder, `${name}.mjs`);
  await bundleSources(`bench/read/${name}.ts`, { file });
  return file;
}

function compare({ file, how = 'read', peer, ...rest }) {
  const [own, other] = [[], []];
  for (let run = -1; run < RUNS; run++) {
    const one = measure(how, file);
    const two = measure(peer[0], peer[1]);
    if (run < 0) continue;
    own.push(one);
    other.push(two);
  }
  return {
    ...rest,
    peer,
    ms: median(own.map(({ ms }) => ms)),
    peerMs: median(other.map(({ ms }) => ms)),
    ratio: median(own.map(({ ms }, i) => ms / other[i].ms)),
    peak: median(own.map(({ peak }) => peak)),
  };
}

function measure(how, file) {
  const extra = {
    ...places[`big.${file}`],
    ...(how === 'read' || how === 'checked' ? { warm: join(folder, `small.${file}`) } : {}),
  };
  const args = [child, how, join(folder, `big.${file}`), JSON.stringify(extra)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
