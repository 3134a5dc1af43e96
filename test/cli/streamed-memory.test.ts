import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { executable } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const TELL_PEAK = fileURLToPath(new URL('../support/tell-peak.cjs', import.meta.url));

/** Of a run of the built executable, in MiB. */
async function peakOf(path: string, ...flags: string[]): Promise<number> {
  const argv = ['measure', path, '--threads', '1', ...flags];
  const { code, stdout, stderr } = await executable(argv, { node: ['--require', TELL_PEAK] });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout.split('\n')[0]!).metrics.pairwise_pred_dist_mean).toBeGreaterThan(0);
  return Number(stderr.trim().split('\n').at(-1)) / 1024;
}

function writePair(path: string, rows: number, cols: number): void {
  mkdirSync(path);
  for (const role of ['prediction', 'target']) {
    const file = openSync(join(path, `${role}.npy`), 'w');
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`.padEnd(117);
    writeSync(file, Buffer.from(`\x93NUMPY\x01\0\x76\0${text}\n`, 'latin1'));
    let state = role.length;
    const block = Float32Array.from({ length: 1000 * cols }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    });
    for (let start = 0; start < rows; start += 1000) writeSync(file, new Uint8Array(block.buffer));
    closeSync(file);
  }
}

it('64 MB of matrices are measured in far less memory, and without any of it in memory at once', async () => {
  const root = folder();
  writePair(join(root, 'small'), 1000, 64);
  writePair(join(root, 'large'), 125_000, 64);
  const small = await peakOf(join(root, 'small'));
  const streamed = await peakOf(join(root, 'large'), '--max-memory', '16MiB');
  const inMemory = await peakOf(join(root, 'large'));
  // Blocks, their copies, a pool of 8 MiB and what the collector has not yet freed.
  expect(streamed - small).toBeLessThan(130);
  expect(streamed).toBeLessThan(inMemory / 1.5);
});
