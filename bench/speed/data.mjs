// Seeded float32 batches on disk.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Normal values as prediction.npy and target.npy of one step; returns their paths. */
export function writePair(dir, rows, cols, seed = 1) {
  mkdirSync(dir, { recursive: true });
  return ['prediction', 'target'].map((role, i) => {
    const path = join(dir, `${role}.npy`);
    writeFileSync(path, npy(normals(rows * cols, 2 * seed + i), [rows, cols]));
    return path;
  });
}

/** A run directory of `steps` steps. */
export function writeRun(dir, steps, rows, cols) {
  for (let step = 1; step <= steps; step++) {
    writePair(join(dir, `step_${String(step).padStart(5, '0')}`), rows, cols, step);
  }
  return dir;
}

/** The same, written block by block: some rows of normal values again and again, each time on a scale of its own. */
export function writeLargePair(dir, rows, cols) {
  mkdirSync(dir, { recursive: true });
  return ['prediction', 'target'].map((role, i) => {
    const path = join(dir, `${role}.npy`);
    const step = Math.min(rows, Math.max(1, Math.floor(2 ** 21 / cols)));
    const block = normals(step * cols, 7 + i);
    const scaled = new Float32Array(block.length);
    const file = openSync(path, 'w');
    writeSync(file, npyHead([rows, cols]));
    for (let row = 0; row < rows; row += step) {
      const scale = 1 + row / rows;
      for (let k = 0; k < block.length; k++) scaled[k] = scale * block[k];
      writeSync(file, new Uint8Array(scaled.buffer, 0, Math.min(step, rows - row) * cols * 4));
    }
    closeSync(file);
    return path;
  });
}

function normals(count, seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  }
  return values;
}

function npy(values, shape) {
  return Buffer.concat([npyHead(shape), Buffer.from(values.buffer)]);
}

function npyHead(shape) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${text.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header, 'latin1')]);
}
