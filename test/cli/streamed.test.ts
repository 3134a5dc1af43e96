import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MetricId, ROW_METRIC_IDS } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';
import { expectClose, familyOf } from '../tolerances.js';

/** Rows of this width are read 512 at a time. */
const COLS = 512;
const ROWS = 700;
/** Less than prediction and target together, and enough for either of them. */
const budget = (valueBytes: number) => ['--max-memory', String(ROWS * COLS * valueBytes + 100)];
const BUDGET = budget(4);

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

const spread = (rows: number, seed: number) =>
  Array.from({ length: rows * COLS }, (_, k) => Math.fround(Math.sin((k + seed) ** 2 % 1e5) + seed));

async function measured(...flags: string[]): Promise<StepRecord> {
  const { stdout, stderr, code } = await collapse(['measure', 'run', ...flags], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.split('\n')[0]!);
}

async function expectSameInBlocks(valueBytes: number, ...flags: string[]): Promise<StepRecord> {
  const whole = await measured(...flags);
  const streamed = await measured(...flags, ...budget(valueBytes));
  expect({ ...streamed, metrics: null }).toEqual({ ...whole, metrics: null });
  for (const [id, value] of Object.entries(whole.metrics) as [MetricId, number | null][]) {
    if (value === null) expect(streamed.metrics[id]).toBeNull();
    else expectClose(streamed.metrics[id], value, familyOf(id), id);
  }
  return streamed;
}

describe('a step beyond --max-memory is read in blocks, with the numbers it has in memory', () => {
  it.each([
    ['float32', false, '<f4'],
    ['Fortran order', true, '<f4'],
    ['float64', false, '<f8'],
  ])('.npy, %s', async (_, fortran, descr) => {
    for (const [i, role] of ['prediction', 'target'].entries()) {
      writeMatrix(cwd, `run/${role}.npy`, [ROWS, COLS], { values: spread(ROWS, i + 1), fortran, descr });
    }
    const { rows, metrics } = await expectSameInBlocks(descr === '<f8' ? 8 : 4);
    expect(rows).toBe(ROWS);
    expect(metrics.pred_var_per_dim).toBeGreaterThan(0);
  });

  it('labels, groups, sequences and the points of a projection', async () => {
    for (const [i, role] of ['prediction', 'target'].entries()) {
      writeMatrix(cwd, `run/${role}.npy`, [ROWS / 5, 5, COLS], { values: spread(ROWS, i + 1) });
    }
    const each = (of: (row: number) => number) => ({
      descr: '<i8',
      values: Array.from({ length: ROWS }, (_, row) => of(row)),
    });
    writeMatrix(
      cwd,
      'run/labels.npy',
      [ROWS],
      each((row) => row % 3),
    );
    writeMatrix(
      cwd,
      'run/group.npy',
      [ROWS / 5, 5],
      each((row) => Math.floor(row / 5)),
    );
    const ids = ROW_METRIC_IDS.join();
    const { metrics, projection } = await expectSameInBlocks(4, '--metrics', ids, '--projection');
    expect(Object.values(metrics).every((value) => typeof value === 'number')).toBe(true);
    expect(projection?.labels).toHaveLength(200);
  });

  it('ranks, a mask over them, a context and a kl_reg beside them', async () => {
    const cuts = [0, 100, 650, ROWS];
    for (const [i, role] of ['prediction', 'target', 'context'].entries()) {
      const values = spread(ROWS, i + 1);
      for (let rank = 0; rank < 3; rank++) {
        const [start, end] = [cuts[rank]!, cuts[rank + 1]!];
        const own = values.slice(start * COLS, end * COLS);
        writeMatrix(cwd, `run/step_1/${role}_rank${rank}.npy`, [end - start, COLS], { values: own });
      }
    }
    const mask = Array.from({ length: ROWS }, (_, i) => (i % 5 === 1 || i < 3 ? 0 : 1));
    writeMatrix(cwd, 'run/step_1/mask.npy', [ROWS], { values: mask, descr: '|b1' });
    writeFile(cwd, 'run/step_1/kl_reg.json', '1.5');
    const { rows, metrics, notes } = await expectSameInBlocks(4);
    expect(rows).toBe(mask.reduce((sum: number, kept) => sum + kept, 0));
    expect(metrics).toMatchObject({ kl_reg: 1.5 });
    expect(metrics.copy_skill).not.toBeNull();
    expect(notes.join()).toContain('3 ranks (0 to 2) joined to 700 rows');
  });

  it('a mask that leaves fewer rows than dimensions', async () => {
    for (const [i, role] of ['prediction', 'target'].entries()) {
      writeMatrix(cwd, `run/${role}.npy`, [ROWS, COLS], { values: spread(ROWS, i + 1) });
    }
    const mask = Array.from({ length: ROWS }, (_, i) => (i % 100 === 7 ? 1 : 0));
    writeMatrix(cwd, 'run/mask.npy', [ROWS], { values: mask, descr: '|b1' });
    expect((await expectSameInBlocks(4)).rows).toBe(7);
  });

  it('a table whose step column picks rows of several batches', async () => {
    const vectors = (seed: number) => {
      const values = spread(ROWS, seed);
      return Array.from({ length: ROWS }, (_, i) => values.slice(i * COLS, (i + 1) * COLS));
    };
    const table = tableFromArrays({
      step: Int32Array.from({ length: ROWS }, () => 5),
      prediction: vectors(1),
      target: vectors(2),
    });
    writeFile(cwd, 'run/embeddings.arrow', tableToIPC(table, 'file'));
    const { rows, step } = await expectSameInBlocks(8, '--metrics', 'core', '--pairwise', 'sample:200');
    expect({ rows, step }).toEqual({ rows: ROWS, step: 5 });
  });
});

describe('what is wrong is told as it is of a step in memory', () => {
  const write = (name: string, rows: number, seed: number, at = -1) => {
    const values = spread(rows, seed);
    if (at >= 0) values[at] = Number.NaN;
    writeMatrix(cwd, name, [rows, COLS], { values });
  };
  const failure = async (...flags: string[]) => {
    const { stdout, code } = await collapse(['check', 'run', '--json', ...flags], { cwd });
    expect(code).toBe(3);
    return JSON.parse(stdout).errors[0];
  };

  it('NaN by file, row and column, though a mask drops rows before it', async () => {
    write('run/prediction_rank0.npy', 300, 1);
    write('run/prediction_rank1.npy', 400, 2, 251 * COLS + 7);
    write('run/target_rank0.npy', 300, 3);
    write('run/target_rank1.npy', 400, 4);
    writeMatrix(cwd, 'run/mask.npy', [ROWS], {
      values: Array.from({ length: ROWS }, (_, i) => (i % 5 === 0 ? 0 : 1)),
      descr: '|b1',
    });
    const whole = await failure();
    expect(whole).toMatchObject({ code: 'E207', path: 'run/prediction_rank1.npy' });
    expect(whole.message).toContain('row 251');
    expect(await failure(...BUDGET)).toEqual(whole);
  });

  it('rows that do not agree', async () => {
    write('run/prediction.npy', ROWS, 1);
    write('run/target.npy', ROWS - 1, 2);
    const whole = await failure();
    expect(whole.code).toBe('E214');
    expect(await failure(...BUDGET)).toEqual(whole);
  });

  it('distances of all pairs need all rows: refused with both figures where they are beyond the budget', async () => {
    write('run/prediction.npy', ROWS, 1);
    write('run/target.npy', ROWS, 2);
    const needed = ROWS * COLS * 4;
    const error = await failure('--max-memory', String(needed - 1));
    expect(error).toMatchObject({ code: 'E220', path: 'run/prediction.npy' });
    expect(error.message).toContain(`${needed} bytes`);
    expect(error.message).toContain(`the budget is ${needed - 1}`);
    const { code } = await collapse(
      ['measure', 'run', '--metrics', 'pred_var_per_dim', '--max-memory', String(needed - 1)],
      { cwd },
    );
    expect(code).toBe(0);
  });
});
