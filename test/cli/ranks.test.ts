import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

interface Step {
  readonly rows: number;
  readonly dims: number;
  readonly inputs: Record<string, unknown>;
  readonly metrics: Record<string, number | null>;
  readonly notes: readonly string[];
}

async function measured(...argv: string[]): Promise<Step[]> {
  const { stdout, stderr, code } = await collapse(['measure', ...argv], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const records = stdout.trimEnd().split('\n');
  return records.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step');
}

async function failure(): Promise<{ code: string; message: string; path: string }> {
  const { stdout, code } = await collapse(['check', 'run', '--json'], { cwd });
  expect(code).toBe(3);
  return JSON.parse(stdout).errors[0];
}

const spread = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => Math.sin((i + seed) ** 2));

describe('one array in a file a rank', () => {
  it('measures as the whole array does, and the record shows its parts', async () => {
    const [p, t] = [spread(30, 1), spread(30, 50)];
    writeMatrix(cwd, 'whole/prediction.npy', [10, 3], { values: p });
    writeMatrix(cwd, 'whole/target.npy', [10, 3], { values: t });
    const cuts = [0, 4, 9, 10];
    for (const rank of [0, 1, 2]) {
      const [from, to] = [cuts[rank]!, cuts[rank + 1]!];
      const part = (values: readonly number[]) => ({ values: values.slice(from * 3, to * 3) });
      writeMatrix(cwd, `run/step_5/prediction_rank${rank}.npy`, [to - from, 3], part(p));
      writeMatrix(cwd, `run/step_5/target_rank${rank}.npy`, [to - from, 3], part(t));
    }
    const [whole] = await measured('whole');
    const [ranks] = await measured('run');
    expect(ranks!.metrics).toEqual(whole!.metrics);
    expect(ranks).toMatchObject({ rows: 10, dims: 3 });
    expect(ranks!.inputs.prediction).toEqual({
      path: 'run/step_5/prediction_rank0.npy',
      dtype: 'float32',
      shape: [10, 3],
      parts: [4, 5, 1].map((rows, rank) => ({
        path: `run/step_5/prediction_rank${rank}.npy`,
        dtype: 'float32',
        shape: [rows, 3],
        rank,
      })),
    });
    expect(ranks!.notes).toEqual([
      'prediction: 3 ranks (0 to 2) joined to 10 rows',
      'target: 3 ranks (0 to 2) joined to 10 rows',
    ]);
  });

  it('may mix element types, and lie beside an unranked target', async () => {
    writeMatrix(cwd, 'run/prediction_rank0.npy', [2, 3]);
    writeMatrix(cwd, 'run/prediction_rank1.npy', [3, 3], { descr: '<f8' });
    writeMatrix(cwd, 'run/target.npy', [5, 3]);
    const [step] = await measured('run');
    expect(step!.inputs.prediction).toMatchObject({ dtype: 'float32, float64', shape: [5, 3] });
    expect(step!.inputs.target).not.toHaveProperty('parts');
  });

  it('the records are accepted by gate', async () => {
    for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/${role}_rank0.npy`, [4, 3]);
    const { stdout } = await collapse(['measure', 'run'], { cwd });
    expect((await collapse(['gate', '-', '--json'], { cwd, input: stdout })).stderr).toBe('');
  });
});

describe('ranks that disagree name both files', () => {
  it('in width', async () => {
    writeMatrix(cwd, 'run/prediction_rank0.npy', [4, 3]);
    writeMatrix(cwd, 'run/prediction_rank1.npy', [4, 5]);
    writeMatrix(cwd, 'run/target.npy', [8, 3]);
    expect(await failure()).toMatchObject({
      code: 'E214',
      path: 'run/prediction_rank1.npy',
      message:
        "'run/prediction_rank0.npy' has 3 dimensions, 'run/prediction_rank1.npy' of the same step has 5",
    });
  });

  it('in rows, although the totals agree', async () => {
    for (const [role, rows] of [
      ['prediction', [4, 6]],
      ['target', [6, 4]],
    ] as const) {
      for (const rank of [0, 1]) writeMatrix(cwd, `run/${role}_rank${rank}.npy`, [rows[rank]!, 3]);
    }
    expect(await failure()).toMatchObject({
      code: 'E214',
      path: 'run/target_rank0.npy',
      message:
        "rank 0: the prediction 'run/prediction_rank0.npy' has 4 rows, the target 'run/target_rank0.npy' has 6",
    });
  });

  it('and a missing one is named', async () => {
    writeMatrix(cwd, 'run/prediction_rank0.npy', [4, 3]);
    writeMatrix(cwd, 'run/prediction_rank2.npy', [4, 3]);
    writeMatrix(cwd, 'run/target.npy', [12, 3]);
    expect(await failure()).toMatchObject({ code: 'E226', message: expect.stringContaining('rank 1;') });
  });

  it('a value that is not finite is found in its own file and row', async () => {
    writeMatrix(cwd, 'run/prediction_rank0.npy', [4, 3]);
    const values = spread(12, 3).map((x, i) => (i === 7 ? Number.NaN : x));
    writeMatrix(cwd, 'run/prediction_rank1.npy', [4, 3], { values });
    writeMatrix(cwd, 'run/target.npy', [8, 3]);
    expect(await failure()).toMatchObject({
      code: 'E207',
      path: 'run/prediction_rank1.npy',
      message: "prediction has NaN at row 2 of 'run/prediction_rank1.npy', column 1",
    });
  });

  it('their sum is held to the budget', async () => {
    for (const rank of [0, 1, 2]) writeMatrix(cwd, `run/prediction_rank${rank}.npy`, [100, 10]);
    const argv = [
      'check',
      'run',
      '--target',
      'none',
      '--pred',
      'run/p*.npy',
      '--max-memory',
      '10000',
      '--json',
    ];
    const { stdout } = await collapse(argv, { cwd });
    expect(JSON.parse(stdout).errors[0]).toMatchObject({ code: 'E220' });
  });
});

describe('a kl_reg of each rank', () => {
  it('is one number where they agree and E221 where not', async () => {
    for (const rank of [0, 1]) {
      writeMatrix(cwd, `run/prediction_rank${rank}.npy`, [4, 3]);
      writeMatrix(cwd, `run/target_rank${rank}.npy`, [4, 3]);
      writeFile(cwd, `run/kl_reg_rank${rank}.json`, '2.5');
    }
    expect((await measured('run'))[0]!.metrics.kl_reg).toBe(2.5);
    writeFile(cwd, 'run/kl_reg_rank1.json', '3');
    expect(await failure()).toMatchObject({ code: 'E221', path: 'run/kl_reg_rank1.json' });
  });
});
