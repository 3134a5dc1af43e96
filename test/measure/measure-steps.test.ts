import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { measure } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { MeasurePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import { sampleOf } from '../kernels/samples.js';
import { sharedFolder } from '../support/run-folder.js';
import { npyBytes } from './npy-bytes.js';

const STEPS = 40;
const folder = sharedFolder();

const options: MeasurePlan = {
  paths: ['run'],
  maxMemory: 2 ** 30,
  metrics: METRIC_IDS,
  klReg: 'auto',
  klFrom: 'target',
  pairwise: 'auto',
  seed: 0,
  failFast: false,
};

beforeAll(() => {
  for (let step = 1; step <= STEPS; step++) {
    const dir = join(folder, 'run', `step_${step}`);
    mkdirSync(dir, { recursive: true });
    for (const [role, seed] of [
      ['prediction', step],
      ['target', -step],
    ] as const) {
      // One step is of another width, and one is cut short.
      const cols = step === 17 ? 5 : 6;
      const { x } = sampleOf({ rows: 20, cols, kind: 'normal', single: true, seed });
      const bytes = npyBytes(x as Float32Array, [20, cols]);
      writeFileSync(join(dir, `${role}.npy`), step === 23 ? bytes.subarray(0, -4) : bytes);
    }
  }
});

async function recordsWith(threads: number, changes: Partial<MeasurePlan> = {}): Promise<MeasureRecord[]> {
  const io = {
    ...nodeMeasureIo(folder, options),
    threads,
    stepWorker: { url: pathToFileURL(resolve('dist/measure-worker.cjs')), cwd: folder },
  };
  const records: MeasureRecord[] = [];
  for await (const record of measure({ ...options, ...changes }, io)) records.push(record);
  return records;
}

it('gives the same records in the same order whoever measures', async () => {
  const alone = await recordsWith(1);
  expect(alone.filter(({ type }) => type === 'step')).toHaveLength(STEPS - 2);
  expect(alone.filter(({ type }) => type === 'error')).toMatchObject([
    { code: 'E217', step: 17 },
    { code: 'E203', step: 23 },
  ]);
  expect(await recordsWith(2)).toEqual(alone);
  expect(await recordsWith(4)).toEqual(alone);
});

it('stops at the same error with --fail-fast', async () => {
  expect(await recordsWith(3, { failFast: true })).toEqual(await recordsWith(1, { failFast: true }));
});

it('draws the same pairs whoever measures', async () => {
  const sampling = { pairwise: 150, seed: 11 };
  const alone = await recordsWith(1, sampling);
  expect(alone[0]).toMatchObject({ estimates: { pairwise_pred_dist_mean: { pairs: 150 } } });
  expect(await recordsWith(3, sampling)).toEqual(alone);
});
