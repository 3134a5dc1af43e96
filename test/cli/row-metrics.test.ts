import { beforeEach, expect, it } from 'vitest';
import { gaussian } from '../metrics/gaussian.js';
import { collapse } from '../support/collapse.js';
import { folder, writeMatrix } from '../support/run-folder.js';

const METRICS = ['--metrics', 'target_knn_accuracy,target_probe_r2,target_lidar,temporal_straightness'];

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

async function step(...flags: string[]) {
  const { stdout, code } = await collapse(['measure', 'run', ...METRICS, ...flags], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout.split('\n')[0]!);
}

/** Rows in which every third has a class of its own, and of three rows each two are views. */
function write(shape: readonly number[]): void {
  const rows = shape.slice(0, -1).reduce((all, side) => all * side, 1);
  const cols = shape.at(-1)!;
  const { data } = gaussian(rows, cols, 1);
  const values = Array.from(data, (x, k) => x + 4 * Math.cos((Math.floor(k / cols) % 3) * ((k % cols) + 1)));
  for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/${role}.npy`, shape, { values });
  const each = (of: (row: number) => number) => ({
    descr: '<i4',
    values: Array.from({ length: rows }, (_, i) => of(i)),
  });
  writeMatrix(
    cwd,
    'run/labels.npy',
    [rows],
    each((row) => row % 3),
  );
  writeMatrix(
    cwd,
    'run/group.npy',
    shape.slice(0, -1),
    each((row) => Math.floor(row / 2)),
  );
}

it('labels and groups have metrics', async () => {
  write([600, 6]);
  const { metrics, inputs } = await step();
  expect(metrics.target_knn_accuracy).toBeGreaterThan(0.9);
  expect(metrics.target_probe_r2).toBeGreaterThan(0.4);
  expect(metrics.target_lidar).toBeGreaterThan(1);
  expect(metrics.temporal_straightness).toBeNull();
  expect(Object.keys(inputs).sort()).toEqual(['group', 'label', 'prediction', 'target']);
});

it('a mask drops labels and groups with their rows', async () => {
  write([60, 4]);
  const keep = Array.from({ length: 60 }, (_, i) => (i < 45 ? 1 : 0));
  writeMatrix(cwd, 'run/mask.npy', [60], { descr: '|b1', values: keep });
  const masked = await step();
  const values = (rows: number, of: (i: number) => number) => ({
    descr: '<i4',
    values: Array.from({ length: rows }, (_, i) => of(i)),
  });
  // Wrong where the mask keeps nothing, which must not show.
  writeMatrix(
    cwd,
    'run/labels.npy',
    [60],
    values(60, (row) => (row < 45 ? row % 3 : 99)),
  );
  writeMatrix(
    cwd,
    'run/group.npy',
    [60],
    values(60, (row) => (row < 45 ? Math.floor(row / 2) : 5)),
  );
  expect((await step()).metrics).toEqual(masked.metrics);
});

it('a horizon has the labels of its rows', async () => {
  write([20, 3, 4]);
  const { horizons, metrics } = await step('--per-step-axis', '1');
  expect(metrics.temporal_straightness).toEqual(expect.any(Number));
  // At each horizon all rows have one class.
  expect(horizons.unavailable.target_knn_accuracy).toEqual([
    { reason: 'all rows have one label', horizons: [1, 2, 3] },
  ]);
});

it('a wrong length is an error of the step where a metric asks, and no concern where none does', async () => {
  write([60, 4]);
  writeMatrix(cwd, 'run/labels.npy', [59], { descr: '<i4' });
  const { code, stdout } = await collapse(['check', 'run', ...METRICS, '--json'], { cwd });
  expect(code).toBe(3);
  expect(JSON.parse(stdout).errors[0]).toMatchObject({
    code: 'E214',
    path: 'run/labels.npy',
    message: "the label 'run/labels.npy' is [59], and there are 60 rows: [60]",
  });
  expect((await collapse(['check', 'run'], { cwd })).code).toBe(0);
});

it('what is missing is said, and no criterion passes on it', async () => {
  write([60, 4]);
  const files = folder();
  for (const role of ['prediction', 'target']) writeMatrix(files, `run/${role}.npy`, [60, 4]);
  const rule = ['--warn-if', 'target_lidar < 2', '--on-unavailable', 'fail'];
  const { stdout, code } = await collapse(['check', 'run', ...rule, '--json'], { cwd: files });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).runs[0].steps[0].unavailable.target_lidar).toBe('needs a group of each row');
});
