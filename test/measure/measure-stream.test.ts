import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { measure } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import { DEFAULT_METRIC_IDS, type MetricId } from '#metrics/ids.js';
import type { MeasurePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import { sampleOf } from '../kernels/samples.js';
import { sharedFolder } from '../support/run-folder.js';
import { npyBytes } from './npy-bytes.js';

/** Read 512 rows at a time. */
const [ROWS, COLS] = [1200, 512];
const BLOCKS = 3;
const folder = sharedFolder();

beforeAll(() => {
  mkdirSync(join(folder, 'run'));
  for (const [role, seed] of [
    ['prediction', 1],
    ['target', 2],
  ] as const) {
    const { x } = sampleOf({ rows: ROWS, cols: COLS, kind: 'normal', single: true, seed });
    writeFileSync(join(folder, `run/${role}.npy`), npyBytes(x as Float32Array, [ROWS, COLS]));
  }
});

/** The record of the step, and the rows that were read; `onRead` is called before each read, with its number. */
async function measured(metrics: readonly MetricId[], onRead = (_: number) => {}) {
  const options: MeasurePlan = {
    paths: ['run'],
    maxMemory: ROWS * COLS * 4,
    metrics,
    klReg: 'auto',
    klFrom: 'target',
    pairwise: 'auto',
    seed: 0,
    failFast: false,
  };
  const io = nodeMeasureIo(folder, options);
  let reads = 0;
  let rowsRead = 0;
  const openFile: typeof io.openFile = async (path, pool) => {
    const file = await io.openFile(path, pool);
    return {
      ...file,
      readMatrix: (key, rows) => {
        onRead(++reads);
        rowsRead += rows?.reduce((sum, [start, end]) => sum + end - start, 0) ?? ROWS;
        return file.readMatrix(key, rows);
      },
    };
  };
  const records: MeasureRecord[] = [];
  for await (const record of measure(options, { ...io, openFile })) records.push(record);
  return { record: records[0]!, reads, rowsRead };
}

it('the default metrics read each matrix twice, after one row that has its type', async () => {
  const { record, reads, rowsRead } = await measured(DEFAULT_METRIC_IDS);
  expect(record.type).toBe('step');
  expect({ reads, rowsRead }).toEqual({ reads: 2 + 4 * BLOCKS, rowsRead: 2 + 4 * ROWS });
});

it('rows are checked though no metric asks for them', async () => {
  expect(await measured([])).toMatchObject({ record: { type: 'step' }, rowsRead: 2 + 2 * ROWS });
});

it('only the matrices that a pass needs are read', async () => {
  const { rowsRead } = await measured(['pred_var_per_dim']);
  expect(rowsRead).toBe(2 + 3 * ROWS);
});

it('a file that is written to between two passes is refused', async () => {
  const path = join(folder, 'run/target.npy');
  const secondPass = 2 + 2 * BLOCKS + 1;
  const { record, reads } = await measured(DEFAULT_METRIC_IDS, (read) => {
    if (read === secondPass) utimesSync(path, 1, 1);
  });
  expect(record).toMatchObject({ type: 'error', code: 'E223', path: 'run/target.npy' });
  expect(reads).toBeLessThanOrEqual(secondPass + 1);
});
