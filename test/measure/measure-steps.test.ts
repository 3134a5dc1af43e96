import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { measure } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { MeasurePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import { sampleOf } from '../kernels/samples.js';
import { sharedFolder } from '../support/run-folder.js';
import { npyBytes } from './npy-bytes.js';

const workers = vi.hoisted(() => ({ started: 0 }));

vi.mock('node:worker_threads', async (importOriginal) => {
  const threads = await importOriginal<typeof import('node:worker_threads')>();
  class Worker extends threads.Worker {
    constructor(...given: ConstructorParameters<typeof threads.Worker>) {
      super(...given);
      workers.started++;
    }
  }
  return { ...threads, Worker };
});

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
    stepWorker: { url: pathToFileURL(resolve('dist/measure-worker.cjs')), cwd: folder, startsAtOnce: true },
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

describe('threads that nobody asked for', () => {
  const startedFor = async (run: string) => {
    workers.started = 0;
    const stepWorker = { url: pathToFileURL(resolve('dist/measure-worker.cjs')), cwd: folder };
    const io = { ...nodeMeasureIo(folder, options), threads: 2, stepWorker };
    const records: MeasureRecord[] = [];
    for await (const record of measure({ ...options, metrics: ['pred_l2_mean'], paths: [run] }, io))
      records.push(record);
    expect(records.length).toBeGreaterThan(12);
    return workers.started;
  };

  it('start for steps whose kernels take most of the time', async () => {
    const values = new Float32Array(256 * 128).map((_, k) => Math.sin(k));
    for (let step = 1; step <= 12; step++) {
      const dir = join(folder, 'large', `step_${step}`);
      mkdirSync(dir, { recursive: true });
      for (const role of ['prediction', 'target'])
        writeFileSync(join(dir, `${role}.npy`), npyBytes(values, [256, 128]));
    }
    expect(await startedFor('large')).toBe(1);
  });

  it('do not start for a few small steps', async () => {
    expect(await startedFor('run')).toBe(0);
  });
});

it('is told how many entries a directory has', () => {
  const counts: number[] = [];
  nodeMeasureIo(folder, options, (entries) => counts.push(entries)).tree.list('run');
  expect(counts).toEqual([STEPS]);
});
