// Peak memory over formats × types × shapes × commands × budgets, each in a process of its own: lists what exceeds its budget
// and 150 MiB, and refusals whose number does not do when it is passed back.
//   node bench/speed/memory-sweep.mjs [FILTER]      FILTER: part of a case's name, such as 'npy f4', 'doctor' or '@32'
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helpOf } from '../shared/usage.mjs';

helpOf('node bench/speed/memory-sweep.mjs [FILTER]');

const filter = process.argv[2] ?? '';
const BESIDE_MIB = 150;
const BIN = fileURLToPath(new URL('../../bin/collapse.js', import.meta.url));
const FILES = fileURLToPath(new URL('memory-files.py', import.meta.url));
const [PYTHON] = (process.env.PYTHON ?? 'python3').split(':');
const folder = mkdtempSync(join(process.env.SWEEP_FOLDER ?? tmpdir(), 'collapse-sweep-'));

const FORMATS = [
  'npy',
  'npy-fortran',
  'npz',
  'npz-deflate',
  'safetensors',
  'arrow',
  'arrow-lz4',
  'arrow-lists',
  'parquet',
  'parquet-zstd',
];
/** Type, rows, columns, and which formats hold it: tall, narrow, square, wide, one row. */
const SHAPES = [
  ['f4', 60_000, 64, FORMATS],
  ['f8', 1_000_000, 8, FORMATS],
  ['f2', 2000, 4096, FORMATS.filter((format) => format !== 'safetensors')],
  ['f8', 16, 400_000, FORMATS],
  ['f4', 2_000_000, 16, ['npy']],
  ['f4', 8192, 512, ['npy', 'npz-deflate']],
  ['f4', 2048, 2048, ['npy', 'parquet']],
  ['f4', 100, 100_000, ['npy', 'arrow']],
  ['f4', 2, 1_048_576, ['npy']],
  ['f4', 1, 4_194_304, ['npy']],
];
const COMMANDS = {
  core: ['check', '--metrics', 'core', '--json'],
  default: ['check', '--json'],
  all: ['check', '--metrics', 'all', '--spectrum', '--projection', '--json'],
  inspect: ['inspect'],
  values: ['inspect', '--values'],
  doctor: ['doctor'],
};
const BUDGETS = [32, 64, 256];

function run(argv) {
  const { stdout, stderr, status } = spawnSync(
    '/usr/bin/time',
    ['-f', '%M', process.execPath, BIN, ...argv],
    {
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    },
  );
  const text = stdout + stderr;
  const [, asked] = /--max-memory (\d+)MiB/.exec(text) ?? [];
  return {
    mib: Number(stderr.trim().split('\n').at(-1)) / 1024,
    status,
    isRefused: text.includes('E220'),
    asked,
  };
}

function tryBudget(name, command, path, budget) {
  const first = run([...command, path, '--max-memory', `${budget}MiB`]);
  let said = `${first.mib.toFixed(0)} of ${budget + BESIDE_MIB} MiB`;
  let isBad = first.mib > budget + BESIDE_MIB || first.status === 70 || first.status === null;
  if (first.isRefused) {
    const enough = Number(first.asked);
    const again = enough > 0 ? run([...command, path, '--max-memory', `${enough}MiB`]) : null;
    said +=
      again === null
        ? ', refused without a number'
        : `, refused: ${again.mib.toFixed(0)} of ${enough + BESIDE_MIB} MiB`;
    isBad ||= again === null || again.isRefused || again.mib > enough + BESIDE_MIB;
  }
  console.log(`${isBad ? 'OVER ' : '     '}${name}: ${said}`);
  return isBad;
}

let [cases, bad] = [0, 0];
for (const [type, rows, cols, formats] of SHAPES) {
  for (const format of formats) {
    const named = Object.entries(COMMANDS)
      .flatMap(([name, command]) =>
        BUDGETS.map((budget) => [`${format} ${type} ${rows}x${cols} ${name} @${budget}`, command, budget]),
      )
      .filter(([name]) => name.includes(filter));
    if (named.length === 0) continue;
    const path = join(folder, 'run');
    const { status, stderr } = spawnSync(PYTHON, [FILES, format, type, rows, cols, path].map(String), {
      encoding: 'utf8',
    });
    if (status !== 0) console.log(`     ${format} ${type}: not written, ${stderr.trim().split('\n').at(-1)}`);
    for (const [name, command, budget] of status === 0 ? named : []) {
      cases++;
      if (tryBudget(name, command, path, budget)) bad++;
    }
    rmSync(path, { recursive: true, force: true });
  }
}
rmSync(folder, { recursive: true });
console.log(`${bad} of ${cases} beyond their limits`);
process.exitCode = bad > 0 ? 1 : 0;
