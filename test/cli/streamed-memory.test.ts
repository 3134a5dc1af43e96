import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { executable } from '../support/collapse.js';
import { writeLargePair } from '../support/large-pair.js';
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

it('64 MB of matrices are measured in far less memory, and without any of it in memory at once', async () => {
  const root = folder();
  writeLargePair(join(root, 'small'), 1000, 64);
  writeLargePair(join(root, 'large'), 125_000, 64);
  const small = await peakOf(join(root, 'small'));
  const streamed = await peakOf(join(root, 'large'), '--max-memory', '16MiB');
  const inMemory = await peakOf(join(root, 'large'));
  // Blocks, their copies, a pool of 8 MiB and what the collector has not yet freed.
  expect(streamed - small).toBeLessThan(130);
  expect(streamed).toBeLessThan(inMemory / 1.5);
});
