// One large float32 step: peak memory and time of a check, as .npy and as uncompressed Arrow.
//   node bench/speed/stream.mjs [ROWS=1000000] [COLS=256] [FOLDER]
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as arrow from 'apache-arrow';
import { helpOf } from '../shared/usage.mjs';

helpOf('node bench/speed/stream.mjs [ROWS=1000000] [COLS=256] [FOLDER]');

const [rows = 1_000_000, cols = 256] = process.argv.slice(2, 4).map(Number);
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'collapse-stream-'));
const BIN = fileURLToPath(new URL('../../bin/collapse.js', import.meta.url));
const BLOCK_ROWS = 10_000;

/** Uniform values about an offset, each block another window of the same ones: a gigabyte of new ones takes minutes. */
function* blocks(seed) {
  let state = seed;
  const values = Float32Array.from({ length: 2 * BLOCK_ROWS * cols }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return seed + state / 2 ** 32;
  });
  for (let start = 0, at = 0; start < rows; start += BLOCK_ROWS, at = (at + 7919) % (values.length / 2)) {
    yield values.subarray(at, at + Math.min(BLOCK_ROWS, rows - start) * cols);
  }
}

function writeNpy(path, seed) {
  const file = openSync(path, 'w');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`.padEnd(117);
  writeSync(file, Buffer.from(`\x93NUMPY\x01\0\x76\0${text}\n`, 'latin1'));
  for (const block of blocks(seed)) {
    writeSync(file, new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
  }
  closeSync(file);
}

async function writeArrow(path) {
  const type = new arrow.FixedSizeList(cols, new arrow.Field('item', new arrow.Float32(), false));
  const schema = new arrow.Schema(['prediction', 'target'].map((name) => new arrow.Field(name, type, false)));
  const list = (values) =>
    arrow.makeData({
      type,
      length: values.length / cols,
      nullCount: 0,
      child: arrow.makeData({ type: new arrow.Float32(), data: values, nullCount: 0 }),
    });
  const target = blocks(2);
  const writer = new arrow.RecordBatchFileWriter();
  const file = openSync(path, 'w');
  const drained = (async () => {
    for await (const chunk of writer) writeSync(file, chunk);
    closeSync(file);
  })();
  for (const values of blocks(1)) {
    const children = [list(values), list(target.next().value)];
    const data = arrow.makeData({ type: new arrow.Struct(schema.fields), nullCount: 0, children });
    writer.write(new arrow.RecordBatch(schema, data));
    await new Promise(setImmediate);
  }
  writer.close();
  await drained;
}

function measure(name, command) {
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M %e %U %S', ...command], {
    maxBuffer: 2 ** 28,
  });
  const [kib, wall, user, system] = stderr.toString().trim().split('\n').at(-1).split(' ').map(Number);
  const cells = [name, (kib / 1024).toFixed(0), wall.toFixed(1), user.toFixed(1), system.toFixed(1), status];
  console.log(`| ${cells.join(' | ')} |`);
}

try {
  mkdirSync(join(folder, 'npy'));
  writeNpy(join(folder, 'npy/prediction.npy'), 1);
  writeNpy(join(folder, 'npy/target.npy'), 2);
  mkdirSync(join(folder, 'arrow'));
  await writeArrow(join(folder, 'arrow/step_1.arrow'));
  console.log(`${rows}×${cols} float32, ${process.version}\n`);
  console.log('| | peak MiB | wall s | user s | system s | exit |\n|---|---|---|---|---|---|');
  for (const format of ['npy', 'arrow']) {
    const check = (...flags) => [process.execPath, BIN, 'check', join(folder, format), ...flags];
    measure(`${format}, default flags`, check());
    measure(`${format}, --max-memory 256MiB`, check('--max-memory', '256MiB'));
    measure(`${format}, --metrics core`, check('--metrics', 'core'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
