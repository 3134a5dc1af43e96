import {
  Bool,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  List,
  Table,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';
import { writeNpy } from '../support/write-npy.js';
import { writeZip } from '../support/write-zip.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

const [T, D] = [3, 2];
/** Five entries of three rows each: the first two are step 1's, the others step 2's. */
const STEPS = [1, 1, 2, 2, 2];
const at = (seed: number, n: number, t: number, d: number) =>
  Math.fround(Math.sin(seed + 7 * n + 3 * t * t + d + n * t * d));
const entries = (seed: number) =>
  STEPS.map((_, n) =>
    Array.from({ length: T }, (_, t) => Array.from({ length: D }, (_, d) => at(seed, n, t, d))),
  );
const ofStep = (seed: number, step: number) => entries(seed).filter((_, n) => STEPS[n] === step);

async function metricsOf(path: string, ...flags: string[]) {
  const { stdout, stderr, code } = await collapse(['measure', path, ...flags], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return records.filter(({ type }) => type === 'step');
}

/** The same steps as arrays of their own. */
async function expected(...flags: string[]) {
  for (const step of [1, 2]) {
    const own = (seed: number) => ofStep(seed, step);
    for (const [role, seed] of [
      ['prediction', 0],
      ['target', 1],
    ] as const) {
      const shape = [own(seed).length, T, D];
      writeMatrix(cwd, `apart/step_${step}/${role}.npy`, shape, { values: own(seed).flat(2) });
    }
  }
  return metricsOf('apart', ...flags);
}

const kept = ({ step, rows, metrics, horizons }: { [key: string]: unknown }) => ({
  step,
  rows,
  metrics,
  horizons,
});

describe('a step column with one number for each entry of [N, T, D]', () => {
  const list = (of: DataType, size?: number) =>
    size === undefined ? new List(new Field('item', of)) : new FixedSizeList(size, new Field('item', of));
  const arrow = (type: DataType, more: Readonly<Record<string, [unknown[], DataType]>> = {}) => {
    const columns: Record<string, [unknown[], DataType]> = {
      step: [STEPS, new Int32()],
      prediction: [entries(0), type],
      target: [entries(1), type],
      ...more,
    };
    const vectors = Object.entries(columns).map(([name, [data, of]]) => [name, vectorFromArray(data, of)]);
    return tableToIPC(new Table(Object.fromEntries(vectors)), 'file');
  };

  it.each([
    ['Arrow lists of lists', list(list(new Float32()))],
    ['Arrow lists of fixed sizes', list(list(new Float32(), D), T)],
  ])('%s: each step has the rows of its entries', async (_, type) => {
    writeFile(cwd, 'run/all.arrow', arrow(type));
    const flags = ['--per-step-axis', '1'];
    expect((await metricsOf('run', ...flags)).map(kept)).toEqual((await expected(...flags)).map(kept));
    expect((await metricsOf('run')).map(({ rows }) => rows)).toEqual([6, 9]);
  });

  it('.npz', async () => {
    const npy = (shape: readonly number[], values: readonly number[]) =>
      writeNpy({ descr: '<f4', shape, fortran: false, version: 1, padding: 0, values });
    const members = [
      { name: 'step.npy', bytes: npy([5], STEPS), deflated: false },
      { name: 'prediction.npy', bytes: npy([5, T, D], entries(0).flat(2)), deflated: false },
      { name: 'target.npy', bytes: npy([5, T, D], entries(1).flat(2)), deflated: false },
    ];
    writeFile(cwd, 'run/all.npz', writeZip(members));
    expect((await metricsOf('run')).map(kept)).toEqual((await expected()).map(kept));
    // One number for each row is as good.
    const each = STEPS.flatMap((step) => [step, step, step]);
    writeFile(
      cwd,
      'run/all.npz',
      writeZip([{ ...members[0]!, bytes: npy([15], each) }, ...members.slice(1)]),
    );
    expect((await metricsOf('run')).map(kept)).toEqual((await expected()).map(kept));
  });

  it('with a mask of the leading shape', async () => {
    const type = list(list(new Float32()));
    const mask = STEPS.map((_, n) => [true, n !== 3, true]);
    writeFile(cwd, 'run/all.arrow', arrow(type, { mask: [mask, list(new Bool())] }));
    expect((await metricsOf('run')).map(({ rows }) => rows)).toEqual([6, 8]);
  });

  it('names the row of the file where a value is not finite', async () => {
    const prediction = entries(0);
    prediction[3]![1]![1] = Number.NaN;
    const type = list(list(new Float32()));
    writeFile(cwd, 'run/all.arrow', arrow(type, { prediction: [prediction, type] }));
    const { stdout } = await collapse(['check', 'run', '--json'], { cwd });
    // Entry 3, row 1 of three.
    expect(JSON.parse(stdout).errors[0].message).toMatch(/NaN at row 10 of 'run\/all\.arrow', column 1/);
  });
});
