import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, numbers, writeFile, writeMatrix } from '../support/run-folder.js';

const [ROWS, COLS] = [60, 8];
const spread = (seed: number, count = ROWS * COLS) =>
  Array.from({ length: count }, (_, k) =>
    Math.fround(Math.sin(k * k + seed * 7.3) + 0.3 * Math.cos(k + seed)),
  );

interface Step {
  readonly prediction: readonly number[];
  readonly context?: readonly number[];
  readonly target?: readonly number[];
  readonly klReg?: number;
  readonly descr?: string;
}

function runOf(steps: readonly Step[], shape = [ROWS, COLS]): string {
  const cwd = folder();
  for (const [i, { prediction, target, context, klReg, descr = '<f4' }] of steps.entries()) {
    const at = `run/step_${100 * (i + 1)}`;
    const role = target === undefined ? 'embeddings' : 'prediction';
    writeMatrix(cwd, `${at}/${role}.npy`, shape, { values: prediction, descr });
    if (target !== undefined) writeMatrix(cwd, `${at}/target.npy`, shape, { values: target, descr });
    if (context !== undefined) writeMatrix(cwd, `${at}/context.npy`, shape, { values: context, descr });
    if (klReg !== undefined) writeFile(cwd, `${at}/kl_reg.npy`, numbers(klReg));
  }
  return cwd;
}

async function report(cwd: string, ...flags: string[]): Promise<Report> {
  const { stdout } = await collapse(
    ['check', 'run', '--json', '--preset', 'none', '--warn-if', 'pred_l2_mean < 0', ...flags],
    { cwd },
  );
  return JSON.parse(stdout);
}

const idsOf = ({ runs }: Report) => runs.flatMap(({ remarks = [] }) => remarks.map(({ id }) => id));
const living = (i: number): Step => ({ prediction: spread(i), target: spread(i + 50) });
const LIVING = [0, 1, 2].map(living);

it('a healthy run has none', async () => {
  const found = await report(runOf(LIVING));
  expect([found.remarks, found.runs[0]!.remarks, found.exitCode]).toEqual([undefined, [], 0]);
});

it('a context of one row again and again', async () => {
  const row = spread(5, COLS);
  const constant = Array.from({ length: ROWS * COLS }, (_, k) => row[k % COLS]!);
  const steps = LIVING.map((step, i) => ({ ...step, context: i === 1 ? spread(9) : constant }));
  const { remarks, exitCode } = await report(runOf(steps));
  expect(exitCode).toBe(0);
  expect(remarks).toMatchObject([
    {
      id: 'constant_context',
      step: 100,
      message: expect.stringMatching(/the context are the same.* \(at 2 of 3 steps\)$/),
    },
  ]);
  expect(idsOf(await report(runOf(LIVING.map((step) => ({ ...step, context: spread(9) })))))).toEqual([]);
});

it('a prediction that is its target', async () => {
  const steps = LIVING.map(({ prediction }) => ({ prediction, target: prediction }));
  const { remarks, exitCode } = await report(runOf(steps));
  expect(exitCode).toBe(0);
  expect(remarks).toEqual([
    {
      run: 'run',
      id: 'prediction_is_target',
      step: 100,
      message: expect.stringMatching(/identical to the last bit.* \(at 3 of 3 steps\)$/),
    },
  ]);
});

describe('arrays of an earlier step', () => {
  it('are remarked on where they are predictions, whatever the target does', async () => {
    const [first] = LIVING;
    const steps = [first!, { ...first!, target: spread(9) }, living(3)];
    expect((await report(runOf(steps))).runs[0]!.remarks).toMatchObject([
      { id: 'same_as_earlier_step', step: 200, message: expect.stringContaining('of step 100') },
    ]);
  });

  it('are no news where they are targets', async () => {
    const steps = LIVING.map((step) => ({ ...step, target: spread(50) }));
    expect(idsOf(await report(runOf(steps)))).toEqual([]);
  });

  it('are remarked on where they are embeddings alone', async () => {
    const cwd = runOf([{ prediction: spread(1) }, { prediction: spread(1) }]);
    const found = await report(cwd, '--pred', 'run/step_{step}/embeddings.npy', '--target', 'none');
    expect(found.remarks).toMatchObject([{ id: 'same_as_earlier_step', step: 200 }]);
  });

  it('and between two invocations with a state', async () => {
    const cwd = runOf([LIVING[0]!, LIVING[0]!]);
    const state = ['--state', 'state.json'];
    await report(cwd, ...state, '--steps', '100..100');
    expect(idsOf(await report(cwd, ...state, '--steps', '200..200'))).toEqual(['same_as_earlier_step']);
  });
});

describe('rows', () => {
  it('that a sampler repeated', async () => {
    const doubled = ({ prediction, target }: Step) => {
      const again = (values: readonly number[]) => [
        ...values.slice(0, 50 * COLS),
        ...values.slice(0, 10 * COLS),
      ];
      return { prediction: again(prediction), target: again(target!) };
    };
    const { remarks } = await report(runOf(LIVING.map(doubled)));
    expect(remarks).toMatchObject([
      { id: 'duplicate_rows', message: expect.stringMatching(/^10 of 60 rows/) },
    ]);
  });

  it('of which one side alone repeats are none, nor are those of a constant', async () => {
    const constant = Array.from({ length: ROWS * COLS }, (_, k) => k % COLS);
    expect(idsOf(await report(runOf([{ prediction: constant, target: spread(1) }])))).toEqual([]);
    expect(
      idsOf(await report(runOf([{ prediction: constant, target: constant.map((x) => x + 1) }]))),
    ).toEqual([]);
  });

  it('that nobody filled, on the side where they are', async () => {
    const holed = spread(4).map((x, k) => (k < 3 * COLS ? 0 : x));
    const { remarks } = await report(runOf([{ prediction: spread(1), target: holed }]));
    expect(remarks).toMatchObject([
      { id: 'zero_rows', message: expect.stringMatching(/^3 of 60 rows of the target/) },
    ]);
  });

  it('of length 1', async () => {
    const unit = (values: readonly number[]) =>
      values.map((x, k) => {
        const start = Math.floor(k / COLS) * COLS;
        return Math.fround(x / Math.hypot(...values.slice(start, start + COLS)));
      });
    const { remarks } = await report(runOf([{ prediction: unit(spread(1)), target: unit(spread(2)) }]));
    expect(remarks!.map(({ id, message }) => [id, /prediction|target/.exec(message)![0]])).toEqual([
      ['unit_rows', 'prediction'],
      ['unit_rows', 'target'],
    ]);
  });
});

describe('a supplied kl_reg', () => {
  it('that is the same at three steps', async () => {
    const cwd = runOf(LIVING.map((step) => ({ ...step, klReg: 1.25 })));
    expect((await report(cwd)).remarks).toMatchObject([{ id: 'constant_kl_reg', step: 100 }]);
    expect(idsOf(await report(cwd, '--kl-reg', '2'))).toEqual([]);
  });

  it('that moves is none', async () => {
    expect(
      idsOf(await report(runOf(LIVING.map((step, i) => ({ ...step, klReg: 1.25 + i * 1e-15 }))))),
    ).toEqual([]);
  });
});

describe('integers', () => {
  const bits = (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16;
  it.each([
    ['<u2', (x: number) => bits(x)],
    ['<i2', (x: number) => (bits(x) << 16) >> 16],
  ])('%s that are bits of bfloat16', async (descr, of) => {
    const step = { prediction: spread(1).map(of), target: spread(2).map(of), descr };
    const { remarks } = await report(runOf([step]));
    expect(remarks).toHaveLength(2);
    expect(remarks![0]).toMatchObject({
      id: 'bfloat16_bits',
      message: expect.stringContaining('--dtype bfloat16'),
    });
    expect(idsOf(await report(runOf([step]), '--dtype', 'bfloat16'))).toEqual([]);
  });

  it('that are pixels or counts are none', async () => {
    const pixels = spread(1).map((x) => Math.round(100 * (x + 2)));
    const counts = spread(2).map((x) => Math.round(15000 + 1000 * x));
    expect(idsOf(await report(runOf([{ prediction: pixels, target: counts, descr: '<u2' }])))).toEqual([]);
  });
});

describe.each([
  ['table', 'Remark: step 100: prediction and target are identical'],
  ['markdown', 'Remark: step 100: prediction and target are identical'],
  ['html', 'Remark: step 100: prediction and target are identical'],
  ['junit', '<system-out>remark: step 100: prediction and target are identical'],
  ['github', '::notice title=run%3A prediction_is_target::step 100: prediction'],
])('as %s', (format, text) => {
  it('is said once', async () => {
    const cwd = runOf(LIVING.map(({ prediction }) => ({ prediction, target: prediction })));
    const args = ['check', 'run', '-o', format, '--width', '400'];
    const { stdout } = await collapse(args, { cwd });
    expect(stdout.split(text)).toHaveLength(2);
  });
});

it('records have them, and the digest that gate compares', async () => {
  const cwd = runOf([LIVING[0]!, LIVING[0]!]);
  const { stdout } = await collapse(['measure', 'run'], { cwd });
  const [first, second] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first.digest).toMatch(/^[0-9a-f]{14}$/);
  expect(second.digest).toBe(first.digest);
  writeFile(cwd, 'records.ndjson', stdout);
  const judged = await collapse(['gate', 'records.ndjson', '--json'], { cwd });
  expect(idsOf(JSON.parse(judged.stdout))).toEqual(['same_as_earlier_step']);
});
