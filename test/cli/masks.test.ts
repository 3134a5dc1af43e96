import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeMatrix } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

async function step(...flags: string[]) {
  const { stdout, stderr, code } = await collapse(['measure', 'run', ...flags], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.split('\n')[0]!);
}

async function failure(...flags: string[]) {
  const { stdout, code } = await collapse(['check', 'run', ...flags, '--json'], { cwd });
  expect(code).toBe(3);
  const { errors } = JSON.parse(stdout);
  expect(errors).toHaveLength(1);
  return errors[0] as { code: string; message: string; path: string };
}

const rows = [
  [1, 2],
  [9, 9],
  [3, 5],
  [4, 1],
  [9, 9],
  [2, 2],
];
const others = rows.map(([a, b]) => [b! - 1, a! * 2]);
const keep = [1, 0, 1, 1, 0, 1];
const flat = (matrix: readonly (readonly number[])[]) => ({ values: matrix.flat() });

/** Six rows a role, of which the mask keeps four. */
function write(
  shape: readonly number[] = [6, 2],
  mask = { descr: '|b1', shape: [6] as readonly number[] },
): void {
  writeMatrix(cwd, 'run/prediction.npy', shape, flat(rows));
  writeMatrix(cwd, 'run/target.npy', shape, flat(others));
  writeMatrix(cwd, 'run/mask.npy', mask.shape, { descr: mask.descr, values: keep });
}

describe('a mask drops rows from every matrix', () => {
  it.each(['|b1', '|u1', '<f4', '<i8'])('of %s', async (descr) => {
    write([6, 2], { descr, shape: [6] });
    const kept = (matrix: typeof rows) => flat(matrix.filter((_, i) => keep[i] === 1));
    const masked = await step();
    writeMatrix(cwd, 'run/prediction.npy', [4, 2], kept(rows));
    writeMatrix(cwd, 'run/target.npy', [4, 2], flat(others.filter((_, i) => keep[i] === 1)));
    const by = await step('--no-mask');
    expect(masked.metrics).toEqual(by.metrics);
    expect(masked).toMatchObject({
      rows: 4,
      notes: ['mask: 2 of 6 rows dropped'],
      inputs: { mask: { path: 'run/mask.npy', shape: [6] } },
    });
    expect(by.inputs).not.toHaveProperty('mask');
    expect(masked.fingerprint).not.toHaveProperty('mask');
    expect(by.fingerprint).toMatchObject({ mask: 'none' });
  });

  it.each([[[2, 3]], [[2, 3, 1]], [[6]]])('of shape %j over [2, 3, 2]', async (shape) => {
    write([2, 3, 2], { descr: '|b1', shape });
    expect(await step()).toMatchObject({ rows: 4, inputs: { mask: { shape } } });
  });

  it('that are not finite as well', async () => {
    write();
    const values = rows.flatMap((row, i) => (keep[i] === 0 ? [Number.NaN, Number.POSITIVE_INFINITY] : row));
    writeMatrix(cwd, 'run/prediction.npy', [6, 2], { values });
    expect((await step()).rows).toBe(4);
  });

  it('and a value that is not finite is told by its row in the file', async () => {
    write();
    const values = rows.flatMap((row, i) => (i === 3 ? [0, Number.NaN] : row));
    writeMatrix(cwd, 'run/prediction.npy', [6, 2], { values });
    expect(await failure()).toMatchObject({
      code: 'E207',
      message: "prediction has NaN at row 3 of 'run/prediction.npy', column 1",
    });
  });

  it('of every step, if it names none', async () => {
    for (const at of [1, 2]) {
      writeMatrix(cwd, `run/step_${at}/prediction.npy`, [6, 2], flat(rows));
      writeMatrix(cwd, `run/step_${at}/target.npy`, [6, 2], flat(others));
    }
    writeMatrix(cwd, 'run/mask.npy', [6], { descr: '|b1', values: keep });
    const { stdout } = await collapse(['measure', 'run'], { cwd });
    const steps = stdout.trim().split('\n').slice(0, 2);
    expect(steps.map((line) => JSON.parse(line).rows)).toEqual([4, 4]);
  });

  it('of each rank', async () => {
    for (const rank of [0, 1]) {
      const of = (matrix: typeof rows) => flat(matrix.slice(rank * 3, rank * 3 + 3));
      writeMatrix(cwd, `run/prediction_rank${rank}.npy`, [3, 2], of(rows));
      writeMatrix(cwd, `run/target_rank${rank}.npy`, [3, 2], of(others as typeof rows));
      writeMatrix(cwd, `run/mask_rank${rank}.npy`, [3], {
        descr: '|b1',
        values: keep.slice(rank * 3, rank * 3 + 3),
      });
    }
    expect(await step()).toMatchObject({
      rows: 4,
      inputs: { mask: { shape: [6], parts: [{ shape: [3] }, { shape: [3] }] } },
    });
  });
});

describe('a mask that cannot be used', () => {
  it('has other values than 0 and 1', async () => {
    write();
    writeMatrix(cwd, 'run/mask.npy', [6], { values: [1, 0, 0.5, 1, 1, 1] });
    expect(await failure()).toMatchObject({
      code: 'E227',
      path: 'run/mask.npy',
      message: 'row 2 of the mask is 0.5, neither 0 nor 1',
    });
  });

  it('drops every row', async () => {
    write();
    writeMatrix(cwd, 'run/mask.npy', [6], { descr: '|b1', values: [0, 0, 0, 0, 0, 0] });
    expect(await failure()).toMatchObject({ code: 'E227', message: 'the mask drops all 6 rows' });
  });

  it('has another length', async () => {
    write();
    writeMatrix(cwd, 'run/mask.npy', [5], { descr: '|b1' });
    expect(await failure()).toMatchObject({
      code: 'E214',
      path: 'run/mask.npy',
      message: "the mask 'run/mask.npy' has 5 values, the prediction 'run/prediction.npy' has 6 rows",
    });
  });

  it('has the right number of values in another shape', async () => {
    write([2, 3, 2], { descr: '|b1', shape: [3, 2] });
    expect(await failure()).toMatchObject({
      code: 'E214',
      message: "the mask 'run/mask.npy' is [3, 2], the prediction 'run/prediction.npy' is [2, 3, 2]",
    });
  });

  it('is of no concern with --no-mask', async () => {
    write();
    writeMatrix(cwd, 'run/mask.npy', [5], { descr: '|b1' });
    expect((await step('--no-mask')).rows).toBe(6);
  });

  it('is told after shapes that disagree, with the shapes of the files', async () => {
    write();
    writeMatrix(cwd, 'run/target.npy', [5, 2]);
    expect(await failure()).toMatchObject({
      code: 'E214',
      message: 'prediction is [6, 2], target is [5, 2]',
    });
  });
});

it('--no-mask and --mask-key exclude each other', async () => {
  const { code, stderr } = await collapse(['check', 'run', '--no-mask', '--mask-key', 'm'], {
    cwd,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('error[E104]');
});
