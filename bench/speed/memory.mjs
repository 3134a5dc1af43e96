// Peak memory of odd shapes against the budget that they were given, and `inspect` of a file of very many arrays.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargePair, writePair, writeRun } from './data.mjs';
import { usage } from './processes.mjs';

const BUDGET_MIB = 128;
/** What the runtime, the kernels and the threads take beside the budget. */
const BESIDE_MIB = 150;
const ARRAYS = 60_000;
const RECORDS = 100_000;

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
          [2_000_000, 16],
          [2, 1_048_576],
          [1, 67_108_864],
        ]
      : []),
  ];
  const rows = shapes.flatMap(([n, d]) => {
    const at = join(folder, `${n}x${d}`);
    const paths = n * d > 2 ** 24 ? writeLargePair(at, n, d) : writePair(at, n, d);
    const found = [
      ['check --metrics all', collapse('check', ...paths, '--metrics', 'all', '--json')],
      ['inspect --values', collapse('inspect', paths[0], '--values')],
      ['doctor', collapse('doctor', at)],
    ].map(([command, argv]) => rowOf(`\`${command}\` of ${n}×${d}`, argv));
    rmSync(at, { recursive: true });
    return found;
  });
  const run = writeRun(join(folder, 'run'), 14, 100_000, 8);
  rows.push(rowOf('`measure` of 14 steps of 100000×8', collapse('measure', run, '--metrics', 'core')));
  rmSync(run, { recursive: true });
  const records = join(folder, 'records.ndjson');
  writeFileSync(records, recordLines(RECORDS));
  rows.push(rowOf(`\`gate\` of ${RECORDS} records`, collapse('gate', records)));
  const many = join(folder, 'many.safetensors');
  writeFileSync(many, tensors(ARRAYS));
  const used = usage(collapse('inspect', many));
  rows.push([`\`inspect\` of ${ARRAYS} arrays, CPU`, `${used?.seconds.toFixed(2) ?? ''} s`, '3 s']);
  return rows;
}

/** A refusal that says what would do is as good as a peak below the limit, where that number does. */
function rowOf(name, argv) {
  const limit = `${BUDGET_MIB + BESIDE_MIB} MiB`;
  const { mebibytes, text = '' } = usage([...argv, '--max-memory', `${BUDGET_MIB}MiB`]) ?? {};
  if (mebibytes === undefined) return [name, '', limit];
  const [, enough] = /--max-memory (\d+)MiB/.exec(text) ?? [];
  if (enough === undefined) return [name, `${mebibytes.toFixed(0)} MiB`, limit];
  const again = usage([...argv, '--max-memory', `${enough}MiB`]);
  const what = again.text.includes('E220') ? 'refused twice' : `refused; ${again.mebibytes.toFixed(0)} MiB`;
  return [`${name}, under the ${enough} MiB that it asks for`, what, `${Number(enough) + BESIDE_MIB} MiB`];
}

/** Records of one run, a few metrics each. */
function recordLines(count) {
  const metrics = [
    'pred_var_per_dim',
    'target_var_per_dim',
    'pairwise_pred_dist_mean',
    'pairwise_target_dist_mean',
  ];
  const fingerprint = { metrics, klReg: 'auto', klFrom: 'target', pairwise: 'auto', seed: 0 };
  const rest = { inputs: {}, klRegSource: null, unavailable: {}, estimates: {}, notes: [], fingerprint };
  const lines = Array.from({ length: count }, (_, step) => {
    const values = Object.fromEntries(metrics.map((id, k) => [id, 1 + Math.sin(step + k) / 10]));
    const head = { type: 'step', schemaVersion: 1, run: 'run', step, rows: 256, dims: 64 };
    return JSON.stringify({ ...head, metrics: values, ...rest });
  });
  return `${lines.join('\n')}\n{"type":"summary","runs":1,"steps":${count},"errors":0}\n`;
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
