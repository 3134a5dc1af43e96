import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import { gaussian } from '../metrics/gaussian.js';
import { collapse } from '../support/collapse.js';
import { folder, npy, step } from '../support/run-folder.js';

type Projection = NonNullable<StepRecord['projection']>;

const recordsOf = (ndjson: string) =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'step') as StepRecord[];

/** x₀, y₀, x₁, y₁, … as the schema says. */
function points(base64: string, { scale }: Projection): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 2 }, (_, i) => (bytes.readInt16LE(2 * i) / 32767) * scale);
}

function rows(count: number, cols: number, seed: number, of: (x: number, i: number, j: number) => number) {
  const { data } = gaussian(count, cols, seed);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: cols }, (_, j) => of(data[i * cols + j]!, i, j)),
  );
}

async function projected(files: Parameters<typeof folder>[0], ...flags: string[]): Promise<StepRecord[]> {
  const { stdout } = await collapse(['measure', '.', '--projection', ...flags], { cwd: folder(files) });
  return recordsOf(stdout);
}

it('records hold points where they are asked for, and nothing else of them changes', async () => {
  const cwd = folder(step(100, 2));
  const [plain] = recordsOf((await collapse(['measure', '.'], { cwd })).stdout);
  expect(plain).not.toHaveProperty('projection');
  const [record] = recordsOf((await collapse(['measure', '.', '--projection'], { cwd })).stdout);
  const { projection, ...rest } = record!;
  expect(rest).toEqual(plain);
  expect(projection).toMatchObject({ rows: 4, share: [0.5, 0.5] });
});

it('the first two principal components of the target, and the prediction about the same centre', async () => {
  // Two columns vary, far from the origin: they are the plane. The prediction is the target, moved by (2, 0).
  const target = rows(50, 6, 1, (x, _, j) => 7 + (j === 4 ? 3 * x : j === 1 ? x : 0));
  const prediction = target.map((row) => row.map((x, j) => (j === 4 ? x + 2 : x)));
  const [record] = await projected({
    'step_1/prediction.npy': npy(prediction),
    'step_1/target.npy': npy(target),
  });
  const { projection } = record!;
  const found = points(projection!.target, projection!);
  const moved = points(projection!.prediction!, projection!);
  const [meanX = 0, meanY = 0] = [4, 1].map((j) => target.reduce((s, row) => s + row[j]!, 0) / 50);
  const tolerance = 0.2 * projection!.scale;
  for (const [i, row] of target.entries()) {
    expect(Math.abs(found[2 * i]! - (row[4]! - meanX))).toBeLessThan(tolerance);
    expect(Math.abs(found[2 * i + 1]! - (row[1]! - meanY))).toBeLessThan(tolerance);
  }
  const shift = [0, 1].map(
    (axis) => moved.reduce((s, x, i) => s + (i % 2 === axis ? x - found[i]! : 0), 0) / 50,
  );
  expect(Math.hypot(...shift)).toBeCloseTo(2, 3);
  expect(projection!.share[0] + projection!.share[1]).toBeCloseTo(1, 5);
});

it('of many rows at most 200, the same at every step; embeddings alone have one set', async () => {
  const numbered = rows(500, 3, 2, (x, i, j) => (j === 0 ? i : 0.01 * x));
  const records = await projected({
    'step_1/embeddings.npy': npy(numbered),
    'step_2/embeddings.npy': npy(numbered.map((row) => row.map((x, j) => (j === 0 ? x : -x)))),
  });
  expect(records.map(({ projection }) => projection?.rows)).toEqual([200, 200]);
  expect(records.map(({ projection }) => projection?.prediction)).toEqual([undefined, undefined]);
  const numbers = records.map(({ projection }) =>
    points(projection!.target, projection!)
      .filter((_, i) => i % 2 === 0)
      .map((x) => Math.round(x + 249.5)),
  );
  expect(numbers[0]).toEqual(numbers[1]);
  expect(new Set(numbers[0]).size).toBe(200);
});

it('a constant target leaves the plane to the prediction, and two constants have none', async () => {
  const constant = npy(rows(20, 4, 0, () => 0.3));
  const varied = npy(rows(20, 4, 3, (x) => x));
  const [one] = await projected({ 'step_1/prediction.npy': varied, 'step_1/target.npy': constant });
  expect(new Set(points(one!.projection!.target, one!.projection!))).toEqual(new Set([0]));
  expect(Math.max(...points(one!.projection!.prediction!, one!.projection!))).toBeGreaterThan(0.5);
  const [none] = await projected({ 'step_1/prediction.npy': constant, 'step_1/target.npy': constant });
  expect(none).not.toHaveProperty('projection');
});

it('the cosines of all pairs, rows of one label beside each other, a row of zeros without any', async () => {
  const target = [
    [1, 0],
    [0, 2],
    [-3, 0],
    [0, 0],
    [5, 5],
  ];
  const prediction = target.map(([x = 0, y = 0]) => [x + 1, y]);
  const label = [2, 10, 2, 10, 2];
  const [record] = await projected({
    'step_1/prediction.npy': npy(prediction),
    'step_1/target.npy': npy(target),
    'step_1/label.npy': npy(label.map((x) => [x])),
  });
  const { cosines } = record!.projection!;
  const codes = (text: string) => [...new Int8Array(Buffer.from(text, 'base64'))];
  // Rows 0, 2, 4, 1, 3; 127 cos, and cos 45° is 0.7071.
  expect(codes(cosines!.target)).toEqual([-127, 90, 0, -128, -90, 0, -128, 90, -128, -128]);
  expect(cosines!.rows).toBe(5);
  expect(codes(cosines!.prediction!)[0]).toBe(-127);
});

it('cosines agree with the mean over all pairs, of at most 40 rows', async () => {
  const cone = rows(30, 8, 5, (x, _, j) => x + (j === 0 ? 2 : 0));
  const [record] = await projected(
    { 'step_1/embeddings.npy': npy(cone), 'step_2/embeddings.npy': npy(rows(300, 8, 6, (x) => x)) },
    '--metrics',
    'all',
  );
  const codes = new Int8Array(Buffer.from(record!.projection!.cosines!.target, 'base64'));
  const mean = codes.reduce((sum, code) => sum + code, 0) / codes.length / 127;
  expect(codes).toHaveLength((30 * 29) / 2);
  expect(mean).toBeCloseTo(record!.metrics.pred_mean_pairwise_cos!, 2);
});

it('a page that measures has them in its records unless told not to; gate reads them back', async () => {
  const cwd = folder(step(100, 1));
  const { stdout } = await collapse(['check', '.', '--projection', '--json'], { cwd });
  expect(JSON.parse(stdout).runs[0].steps[0].projection.rows).toBe(4);
  const { stdout: ndjson } = await collapse(['measure', '.', '--projection'], { cwd });
  const records = folder({ 'a.ndjson': ndjson });
  const { stdout: gated } = await collapse(['gate', 'a.ndjson', '--json'], { cwd: records });
  expect(JSON.parse(gated).runs[0].steps[0].projection).toEqual(recordsOf(ndjson)[0]!.projection);
  const { code } = await collapse(['report', '.', '--no-projection', '-o', 'page.html'], { cwd });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('</html>');
});

it.each([
  ['more rows than points', (p: Projection) => ({ ...p, rows: 5 }), 'points or labels'],
  ['too many', (p: Projection) => ({ ...p, rows: 201 }), 'projection.rows'],
  ['no base64', (p: Projection) => ({ ...p, target: p.target.replace(/^./, '<') }), 'projection.target'],
  ['another length', (p: Projection) => ({ ...p, prediction: 'AAAA' }), 'points or labels'],
  [
    'cosines of other rows',
    (p: Projection) => ({ ...p, cosines: { ...p.cosines!, rows: 3 } }),
    'cosines are not as many as pairs',
  ],
  ['labels of fewer rows', (p: Projection) => ({ ...p, labels: ['1'] }), 'points or labels'],
  ['a share above 1', (p: Projection) => ({ ...p, share: [1.5, 0] }), 'projection.share.0'],
])('records with %s are refused', async (_, change, said) => {
  const [record] = await projected(step(100, 1));
  const line = JSON.stringify({ ...record, projection: change(record!.projection!) });
  const { code, stderr } = await collapse(['gate', 'bad.ndjson'], {
    cwd: folder({ 'bad.ndjson': `${line}\n` }),
  });
  expect(code).toBe(3);
  expect(stderr).toContain(said);
});
