import { Field, FixedSizeList, Float32, List, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';
import { writeNpy } from '../support/write-npy.js';
import { writeZip } from '../support/write-zip.js';

const [B, T, D] = [9, 4, 3];
const ALL = ['--metrics', 'all', '--kl-reg', 'computed'];
type Values = readonly number[];
type Record_ = { metrics: Record<string, number | null>; unavailable: object; rows: number };

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

/** float32 values of [B, T, D]: the prediction of later horizons is less and less of the target. */
const target: Values = Array.from({ length: B * T * D }, (_, k) => Math.fround(Math.sin(k * k + 1)));
const prediction: Values = target.map((x, k) =>
  Math.fround((x * (T - horizonOf(k))) / T + 0.1 * Math.cos(3 * k)),
);
const context: Values = target.map((_, k) => Math.fround(Math.cos(k * k)));

function horizonOf(k: number): number {
  return Math.floor(k / D) % T;
}

const ofHorizon = (values: Values, horizon: number) => values.filter((_, k) => horizonOf(k) === horizon);
const ROLES = { prediction, target, context };

function write(
  run: string,
  shape: readonly number[],
  values: (all: Values) => Values,
  fortran = false,
): void {
  for (const [role, all] of Object.entries(ROLES)) {
    writeMatrix(cwd, `${run}/step_100/${role}.npy`, shape, { values: values(all), fortran });
  }
}

async function measured(run: string, ...flags: string[]) {
  const { stdout, stderr, code } = await collapse(['measure', run, ...flags], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.split('\n')[0]!);
}

/** The records of runs that hold one horizon each and no axis of them. */
async function oneByOne(
  keep: (horizon: number, values: Values) => Values = (_, values) => values,
): Promise<Record_[]> {
  const records: Record_[] = [];
  for (let horizon = 0; horizon < T; horizon++) {
    const of = (all: Values) => keep(horizon, ofHorizon(all, horizon));
    write(`h${horizon}`, [of(target).length / D, D], of);
    records.push(await measured(`h${horizon}`, ...ALL));
  }
  return records;
}

function expectHorizons(record: { horizons: Record<string, unknown> }, records: readonly Record_[]): void {
  const { numbers, rows, metrics, unavailable } = record.horizons;
  expect(numbers).toEqual([1, 2, 3, 4]);
  expect(rows).toEqual(records.map((one) => one.rows));
  const ids = Object.keys(records[0]!.metrics);
  expect(metrics).toEqual(Object.fromEntries(ids.map((id) => [id, records.map((one) => one.metrics[id])])));
  expect(Object.keys(unavailable as object).sort()).toEqual(
    [...new Set(records.flatMap((one) => Object.keys(one.unavailable)))].sort(),
  );
}

describe('each horizon has the numbers of its rows by themselves', () => {
  it.each([1, -2])('of [B, T, D] with --per-step-axis %i, and the flattened values stay', async (axis) => {
    write('run', [B, T, D], (all) => all);
    const record = await measured('run', ...ALL, '--per-step-axis', String(axis));
    expectHorizons(record, await oneByOne());
    expect(record.horizons).toMatchObject({ axis: 1, size: T });
    const { horizons: _, fingerprint, ...flattened } = record;
    expect(fingerprint.perStepAxis).toBe(axis);
    const { fingerprint: without, positions: __, ...plain } = await measured('run', ...ALL);
    expect(flattened).toEqual(plain);
    expect(without).not.toHaveProperty('perStepAxis');
  });

  it('of [T, B, D], in Fortran order too', async () => {
    const turned = (all: Values) => Array.from({ length: T }, (_, h) => ofHorizon(all, h)).flat();
    write('run', [T, B, D], turned);
    write('fortran', [T, B, D], turned, true);
    const records = await oneByOne();
    expectHorizons(await measured('run', ...ALL, '--per-step-axis', '0'), records);
    expectHorizons(await measured('fortran', ...ALL, '--per-step-axis', '-3'), records);
  });

  it('of ranks', async () => {
    const cut = 5 * T * D;
    for (const [role, all] of Object.entries(ROLES)) {
      writeMatrix(cwd, `run/step_100/${role}_rank0.npy`, [5, T, D], { values: all.slice(0, cut) });
      writeMatrix(cwd, `run/step_100/${role}_rank1.npy`, [B - 5, T, D], { values: all.slice(cut) });
    }
    expectHorizons(await measured('run', ...ALL, '--per-step-axis', '1'), await oneByOne());
  });

  it('of what a mask keeps; one row is too few, and none', async () => {
    write('run', [B, T, D], (all) => all);
    const keeps = (horizon: number) => [B, 6, 1, 0][horizon]!;
    const values = Array.from({ length: B * T }, (_, row) => (Math.floor(row / T) < keeps(row % T) ? 1 : 0));
    writeMatrix(cwd, 'run/step_100/mask.npy', [B, T], { descr: '|b1', values });
    const { horizons } = await measured('run', ...ALL, '--per-step-axis', '1');
    const records = await oneByOne((horizon, all) => all.slice(0, D * Math.max(2, keeps(horizon))));
    expect(horizons.rows).toEqual([B, 6, 1, 0]);
    for (const [id, list] of Object.entries(horizons.metrics)) {
      expect(list, id).toEqual([records[0]!.metrics[id], records[1]!.metrics[id], null, null]);
      const reasons = horizons.unavailable[id].filter(
        ({ horizons: of }: { horizons: number[] }) => of[0]! > 2,
      );
      expect(reasons).toEqual([
        { reason: 'it has one row, and two are needed', horizons: [3] },
        { reason: 'the mask drops every row of it', horizons: [4] },
      ]);
    }
  });

  it('of .npz, safetensors and Arrow lists of lists', async () => {
    const npy = (values: Values) =>
      writeNpy({ descr: '<f4', shape: [B, T, D], fortran: false, version: 1, padding: 0, values });
    writeFile(
      cwd,
      'npz/step_100.npz',
      writeZip(
        Object.entries(ROLES).map(([role, all]) => ({
          name: `${role}.npy`,
          bytes: npy(all),
          deflated: true,
        })),
      ),
    );
    writeFile(cwd, 'safe/step_100.safetensors', safetensors(ROLES, [B, T, D]));
    const inner = new List(new Field('item', new Float32()));
    const lists = new List(new Field('item', inner));
    const fixed = new FixedSizeList(
      T,
      new Field('item', new FixedSizeList(D, new Field('item', new Float32()))),
    );
    for (const [run, type] of [
      ['lists', lists],
      ['fixed', fixed],
    ] as const) {
      const columns = Object.entries(ROLES).map(([role, all]) => [role, vectorFromArray(nested(all), type)]);
      writeFile(cwd, `${run}/step_100.arrow`, tableToIPC(new Table(Object.fromEntries(columns)), 'file'));
    }
    const records = await oneByOne();
    for (const run of ['npz', 'safe', 'lists', 'fixed']) {
      expectHorizons(await measured(run, ...ALL, '--per-step-axis', '1'), records);
    }
  });

  it('a supplied kl_reg is of the whole step and of no horizon', async () => {
    write('run', [B, T, D], (all) => all);
    const record = await measured('run', '--kl-reg', '3', '--per-step-axis', '1');
    expect(record.metrics.kl_reg).toBe(3);
    expect(Object.keys(record.horizons.metrics)).not.toContain('kl_reg');
    expect(Object.keys(record.horizons.metrics)).toContain('pred_r2');
  });

  it('and an estimate says at which horizons it is one', async () => {
    writeMatrix(cwd, 'run/prediction.npy', [40, 2, 3]);
    writeMatrix(cwd, 'run/target.npy', [40, 2, 3]);
    const { horizons } = await measured('run', '--pairwise', 'sample:100', '--per-step-axis', '1');
    const estimate = { method: 'sampled', pairs: 100, standardError: expect.any(Number) };
    expect(horizons.estimates).toEqual({ pairwise_pred_dist_mean: [estimate, estimate] });
  });
});

/** [B, T, D] as lists of lists of lists. */
function nested(all: Values): number[][][] {
  return Array.from({ length: B }, (_, b) =>
    Array.from({ length: T }, (_, t) => all.slice((b * T + t) * D, (b * T + t + 1) * D)),
  );
}

function safetensors(arrays: Readonly<Record<string, Values>>, shape: readonly number[]): Uint8Array {
  let at = 0;
  const header = Object.entries(arrays).map(([name, values]) => {
    const data_offsets = [at, at + values.length * 4];
    at += values.length * 4;
    return [name, { dtype: 'F32', shape, data_offsets }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = Object.values(arrays).map((values) => Buffer.from(Float32Array.from(values).buffer));
  return Buffer.concat([length, text, ...data]);
}

describe('rules over horizons', () => {
  /** Step by step, the factor that each horizon's predictions have to their targets. */
  function run(factors: readonly (readonly number[])[]): void {
    for (const [i, step] of factors.entries()) {
      const values = target.map((x, k) => x * step[horizonOf(k)]!);
      writeMatrix(cwd, `run/step_${i + 1}/prediction.npy`, [B, T, D], { values });
      writeMatrix(cwd, `run/step_${i + 1}/target.npy`, [B, T, D], { values: target });
    }
  }
  const check = async (rule: string, ...flags: string[]) => {
    const args = ['check', 'run', '--preset', 'none', '--fail-if', rule, '--per-step-axis', '1', '--json'];
    const { stdout, code } = await collapse([...args, ...flags], { cwd });
    const report = JSON.parse(stdout);
    return { code, report, steps: report.runs[0].steps };
  };

  it('alert where one horizon does, and name the worst', async () => {
    run([[1, 1, 0.4, 0.3]]);
    const { code, steps } = await check('pred_target_var_ratio < 0.2 at any horizon');
    expect(code).toBe(1);
    expect(steps[0].alerts).toHaveLength(1);
    expect(steps[0].alerts[0]).toMatchObject({ horizon: 4, metric: 'pred_target_var_ratio', threshold: 0.2 });
    expect(steps[0].alerts[0].value).toBeCloseTo(0.09, 5);
    expect(steps[0].alerts[0].message).toMatch(/^pred_target_var_ratio 0\.09 < 0\.2 at horizon 4$/);
    expect((await check('pred_target_var_ratio < 0.2 at horizon 2')).code).toBe(0);
    expect((await check('pred_target_var_ratio < 0.05 at any horizon')).steps[0].held).toMatchObject([
      { horizon: 4 },
    ]);
  });

  it('compare each horizon with its own past and count its own steps', async () => {
    run([
      [1, 1, 1, 0.5],
      [1, 1, 0.6, 0.5],
      [1, 1, 1, 0.5],
      [1, 1, 0.6, 0.5],
      [1, 1, 0.6, 0.5],
    ]);
    const { steps } = await check('pred_var_per_dim < 50% of baseline at any horizon for 2');
    const alerts = steps.map(({ alerts }: { alerts: { horizon: number }[] }) =>
      alerts.map(({ horizon }) => horizon),
    );
    expect(alerts).toEqual([[], [], [], [], [3]]);
  });

  it('are skipped, never passed, where a horizon cannot be decided', async () => {
    run([[1, 1, 1, 1]]);
    const values = Array.from({ length: B * T }, (_, row) => (row % T === 2 && row > T ? 0 : 1));
    writeMatrix(cwd, 'run/step_1/mask.npy', [B, T], { descr: '|b1', values });
    const { code, steps } = await check('pred_r2 < 0 at any horizon', '--on-unavailable', 'fail');
    expect(code).toBe(4);
    expect(steps[0]).toMatchObject({ alerts: [], held: [] });
    expect(steps[0].skipped).toEqual([
      {
        criterion: 'pred_r2 < 0 at any horizon',
        reason: 'horizon 3: needs pred_r2: it has one row, and two are needed',
      },
    ]);
    const beyond = await check('pred_r2 < 0 at horizon 9');
    expect(beyond.steps[0].skipped[0].reason).toBe('horizon 9 was not measured; the last is 4');
  });

  it('need horizons: refused before a file is read, skipped over records without', async () => {
    run([[1, 1, 1, 1]]);
    const rule = ['--fail-if', 'pred_r2 < 0 at any horizon'];
    const refused = await collapse(['check', 'nowhere', ...rule], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/--per-step-axis is missing/);
    const { stdout } = await collapse(['measure', 'run'], { cwd });
    writeFile(cwd, 'records.ndjson', stdout);
    const gated = await collapse(['gate', 'records.ndjson', ...rule, '--on-unavailable', 'fail'], {
      cwd,
    });
    expect(gated.code).toBe(4);
    expect(gated.stdout).toMatch(/measure\s+with --per-step-axis/);
  });

  it('give over measured records, one checkpoint at a time, what one check gives', async () => {
    run([
      [1, 1, 0.5, 0.5],
      [1, 1, 0.3, 0.5],
      [1, 1, 0.3, 0.5],
    ]);
    const rule = ['--preset', 'none', '--fail-if', 'pred_var_per_dim < 50% of peak at any horizon for 2'];
    const whole = await collapse(['check', 'run', ...rule, '--per-step-axis', '1', '--json'], {
      cwd,
    });
    const { stdout } = await collapse(['measure', 'run', '--per-step-axis', '1'], { cwd });
    const lines = stdout.trim().split('\n');
    const summary = JSON.stringify({ type: 'summary', runs: 1, steps: 1, errors: 0 });
    for (const [i, line] of lines.slice(0, 3).entries()) {
      writeFile(cwd, `part${i}.ndjson`, `${line}\n${summary}\n`);
    }
    const parts = ['part2.ndjson', 'part0.ndjson', 'part1.ndjson'];
    const gated = await collapse(['gate', ...parts, ...rule, '--json'], { cwd });
    expect(gated.stdout).toBe(whole.stdout);
    for (const i of [0, 1, 2]) {
      const state = ['--state', 'state.json'];
      const { stdout: own } = await collapse(['gate', `part${i}.ndjson`, ...rule, ...state, '--json'], {
        cwd,
      });
      expect(JSON.parse(own).runs[0].steps).toEqual([JSON.parse(whole.stdout).runs[0].steps[i]]);
    }
    expect(JSON.parse(whole.stdout).runs[0].steps[2].alerts).toMatchObject([{ horizon: 3 }]);
  });

  it('records of two axes, or with and without one, are no single run', async () => {
    run([[1, 1, 1, 1]]);
    const lines: string[] = [];
    for (const flags of [['--per-step-axis', '1'], []]) {
      lines.push((await collapse(['measure', 'run', ...flags], { cwd })).stdout.split('\n')[0]!);
    }
    writeFile(cwd, 'records.ndjson', `${lines[0]}\n${lines[1]!.replace('"step":1', '"step":2')}\n`);
    const { code, stderr } = await collapse(['gate', 'records.ndjson'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/E233.* perStepAxis 1 and none/);
  });
});

describe('the report', () => {
  it('draws the horizons and names those that have collapsed', async () => {
    // What points the right way has only lost its scale.
    const turned = (k: number) => (k % 2 === 0 ? 1 : -1);
    for (const step of [1, 2, 3]) {
      const values = target.map((x, k) => x * [1, 0.9, turned(k) * 0.05, turned(k) * 0.01][horizonOf(k)]!);
      writeMatrix(cwd, `run/step_${step}/prediction.npy`, [B, T, D], { values });
      writeMatrix(cwd, `run/step_${step}/target.npy`, [B, T, D], { values: target });
    }
    const args = ['check', 'run', '--per-step-axis', '1', '--width', '100'];
    const { stdout } = await collapse([...args, '--ascii'], { cwd });
    expect(stdout).toContain('step 3, horizons 1 to 4 of axis 1, 9 rows each');
    expect(stdout).toMatch(/pred_var_per_dim +\S+ +\S+ +#\S{3} +\S+ at 4/);
    expect(stdout).toContain('Horizons 3 to 4: predictor collapse.');
    const { stdout: json } = await collapse([...args, '--json'], { cwd });
    const [last] = JSON.parse(json).runs[0].steps.slice(-1);
    expect(last.horizonDiagnoses.slice(2)).toEqual(['predictor collapse', 'predictor collapse']);
    const { stdout: markdown } = await collapse([...args, '-o', 'markdown'], { cwd });
    expect(markdown).toMatch(/\| metric \| at 1 \| at 4 \| horizons \| worst \|/);
    const { stdout: page } = await collapse(['report', 'run', '--per-step-axis', '1', '-o', '-'], {
      cwd,
    });
    expect(page).toContain('<table class="horizons">');
  });

  it('of many horizons stays small, and says which were measured', async () => {
    writeMatrix(cwd, 'run/prediction.npy', [2, 1000, 2]);
    writeMatrix(cwd, 'run/target.npy', [2, 1000, 2]);
    const record = await measured('run', '--per-step-axis', '1');
    expect(record.horizons.size).toBe(1000);
    expect(record.horizons.numbers).toHaveLength(126);
    expect(record.notes).toContain(
      'horizons: 126 of 1000 measured one by one, at regular distances and the last',
    );
    expect(JSON.stringify(record).length).toBeLessThan(100_000);
  });
});

it('refuses an axis that the array does not have, naming shape and file', async () => {
  write('run', [B, T, D], (all) => all);
  writeFile(cwd, 'collapse.config.json', JSON.stringify({ perStepAxis: 2 }));
  const { code, stderr } = await collapse(['check', 'run'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /error\[E228\] the prediction 'run\/step_100\/prediction\.npy' is \[9, 4, 3\]: axis 2 is its/,
  );
  const last = await collapse(['check', 'run', '--per-step-axis', '-1'], { cwd });
  expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('the last axis is the dimensions')]);
});
