import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Writes prediction.npy and target.npy of uniform float32 values, [rows, cols] each, below `path`: some rows again and again. */
export function writeLargePair(path: string, rows: number, cols: number): void {
  mkdirSync(path);
  for (const role of ['prediction', 'target']) {
    const file = openSync(join(path, `${role}.npy`), 'w');
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`.padEnd(117);
    writeSync(file, Buffer.from(`\x93NUMPY\x01\0\x76\0${text}\n`, 'latin1'));
    let state = role.length;
    const block = Float32Array.from({ length: Math.min(1000, rows) * cols }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    });
    for (let left = rows; left > 0; left -= 1000) {
      writeSync(file, new Uint8Array(block.buffer, 0, Math.min(1000, left) * cols * 4));
    }
    closeSync(file);
  }
}
