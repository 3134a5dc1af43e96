import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIXTURES } from '../formats/fixture-folder.js';
import { executable } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

it('threads that take steps compile the kernels of SIGReg at the same time', async () => {
  const root = folder();
  for (let step = 1; step <= 40; step++) {
    const to = join(root, `step_${step}`);
    mkdirSync(to);
    cpSync(join(FIXTURES, 'golden/clusters_48x16_noise_1e-3'), to, { recursive: true });
  }
  const measure = (threads: string) =>
    executable(['measure', root, '--metrics', 'pred_sigreg,pred_effective_rank', '--threads', threads]);
  const alone = await measure('1');
  expect(alone.stderr).toBe('');
  for (let turn = 0; turn < 3; turn++) expect((await measure('3')).stdout).toBe(alone.stdout);
});
