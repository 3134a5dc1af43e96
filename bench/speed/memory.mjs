// Peak memory of odd shapes against the budget that they were given, and `inspect` of a file of very many arrays.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargePair, writePair } from './data.mjs';
import { usage } from './processes.mjs';

const BUDGET_MIB = 128;
/** What the runtime, the kernels and the threads take beside the budget. */
const BESIDE_MIB = 150;
const ARRAYS = 60_000;

/** Rows of [what, figure, what it may be]; `large` takes shapes of minutes and of gigabytes too. */
export function memoryRows(folder, { large, collapse }) {
  const shapes = [
    [4, 262_144],
    [64, 65_536],
    [60_000, 64],
    [2048, 2048],
    ...(large
      ? [
          [4096, 4096],
          [300_000, 32],
          [1, 67_108_864],
        ]
      : []),
  ];
  const rows = shapes.flatMap(([n, d]) => {
    const at = join(folder, `${n}x${d}`);
    const paths = n * d > 2 ** 24 ? writeLargePair(at, n, d) : writePair(at, n, d);
    const budget = ['--max-memory', `${BUDGET_MIB}MiB`];
    const found = [
      ['check --metrics all', collapse('check', ...paths, '--metrics', 'all', '--json', ...budget)],
      ['inspect --values', collapse('inspect', paths[0], '--values', ...budget)],
    ].map(([command, argv]) => [
      `\`${command}\` of ${n}×${d}`,
      memoryOf(argv),
      `${BUDGET_MIB + BESIDE_MIB} MiB`,
    ]);
    rmSync(at, { recursive: true });
    return found;
  });
  const many = join(folder, 'many.safetensors');
  writeFileSync(many, tensors(ARRAYS));
  const used = usage(collapse('inspect', many));
  rows.push([`\`inspect\` of ${ARRAYS} arrays, CPU`, `${used?.seconds.toFixed(2) ?? ''} s`, '3 s']);
  return rows;
}

/** A refusal that says what would do is as good as a peak below the limit. */
function memoryOf(argv) {
  const { mebibytes, status } = usage(argv) ?? {};
  return mebibytes === undefined ? '' : `${mebibytes.toFixed(0)} MiB${status === 3 ? ', refused' : ''}`;
}

/** A safetensors file of `count` arrays of 2×3. */
function tensors(count) {
  const entries = Array.from({ length: count }, (_, i) => {
    const offsets = `[${24 * i},${24 * i + 24}]`;
    return `"layer${i}.weight":{"dtype":"F32","shape":[2,3],"data_offsets":${offsets}}`;
  });
  const header = Buffer.from(`{${entries.join(',')}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(24 * count)]);
}
