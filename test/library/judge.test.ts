import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Diagnoser,
  type Judged,
  judge,
  measureStep,
  PRESETS,
  parseRule,
  RFC_0005_THRESHOLDS,
  RuleSeries,
  type StepRecord,
} from '#index.js';
import { gate } from '#judge/gate.js';
import { normalOf } from '#judge/normal-of-records.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { StepRecord as WrittenRecord } from '#report/record.js';
import { measureRecord } from '#report/record-schema.js';
import type { Report } from '#report/types.js';
import { inputErrorOf } from '../support/thrown.js';

/** Rows that are well spread, and others of each step. */
const rows = (seed: number, scale = 1) =>
  Array.from({ length: 32 }, (_, i) =>
    Array.from({ length: 8 }, (_, j) => scale * Math.sin((seed + i + 1) ** 2 * (j + 1) + j)),
  );
const near = (target: number[][]) => target.map((row) => row.map((x, j) => x + 0.1 * Math.cos(x + j)));

/** A run whose predictor becomes constant from step 500 on. */
function run(name: string, collapses: boolean): StepRecord[] {
  return [100, 200, 300, 400, 500, 600, 700, 800].map((step) => {
    const target = rows(step);
    const prediction = collapses && step >= 500 ? rows(step + 1000, 1e-4) : near(target);
    return measureStep({ run: name, step, prediction, target });
  });
}

describe('axes', () => {
  /** [B, T, D], of which the predictions of the last two of four horizons shrink to a point. */
  const horizons = (step: number, axis: 0 | 1) => {
    const [samples, length, dims] = [72, 4, 6];
    const value = (b: number, t: number, d: number) => Math.sin((step + 7 * b + 1) ** 2 * (d + 1) + 3 * t);
    const at = (b: number, t: number, d: number) =>
      t < 2 || step < 300 ? value(b, t, d) + 0.1 * Math.cos(b + d) : 1e-3 * value(b + 900, t, d);
    const shape = axis === 1 ? [samples, length, dims] : [length, samples, dims];
    const filled = (of: typeof value) => {
      const data = new Float32Array(samples * length * dims);
      for (let i = 0; i < data.length; i++) {
        const [x, y, d] = [Math.floor(i / (shape[1]! * dims)), Math.floor(i / dims) % shape[1]!, i % dims];
        data[i] = axis === 1 ? of(x, y, d) : of(y, x, d);
      }
      return { data, shape };
    };
    return { prediction: filled(at), target: filled(value) };
  };

  it.each([
    ['[B, T, D]', 1, {}],
    ['[T, B, D]', 0, { sampleAxis: 1 }],
  ] as const)(
    'of %s are measured one by one and judged, as the command line does',
    (_, perStepAxis, more) => {
      const records = [100, 200, 300, 400, 500, 600].map((step) =>
        measureStep({ step, ...horizons(step, perStepAxis), perStepAxis, ...more }),
      );
      expect(records[0]!.inputs.prediction!.shape).toEqual(horizons(100, perStepAxis).prediction.shape);
      expect(records[5]!.horizons).toMatchObject({ axis: perStepAxis, size: 4, numbers: [1, 2, 3, 4] });
      const ratios = records[5]!.horizons!.metrics.pred_target_var_ratio!;
      expect(ratios.map((ratio) => ratio! > 0.5)).toEqual([true, true, false, false]);
      for (const record of records) expect(measureRecord.parse(record)).toEqual(record);
      const [judged] = judge(records).runs;
      expect(judged!.diagnosis).toMatchObject({ label: 'predictor collapse', horizon: 3 });
      expect(judged!.steps[5]!.horizonDiagnoses).toEqual([
        'healthy',
        'healthy',
        'predictor collapse',
        'predictor collapse',
      ]);
    },
  );

  it('that nobody named are the samples and their positions, and few of these are measured one by one', () => {
    const { prediction, target } = horizons(600, 1);
    const record = measureStep({ step: 600, prediction, target });
    expect(record.metrics.target_sample_variance_share).toBeGreaterThan(0);
    expect(record.positions).toMatchObject({ axis: 1, size: 4 });
    expect(Object.keys(record.positions!.metrics)).toContain('pred_target_var_ratio');
    expect(record.horizons).toBeUndefined();
    const nested = Array.from({ length: 72 }, (_, b) =>
      Array.from({ length: 4 }, (_, t) =>
        Array.from(target.data.slice(6 * (4 * b + t), 6 * (4 * b + t + 1))),
      ),
    );
    expect(measureStep({ step: 600, prediction, target: nested })).toMatchObject({ metrics: record.metrics });
    const flat = { data: prediction.data, shape: [288, 6] };
    const flattened = measureStep({ step: 600, prediction: flat, target: { ...flat, data: target.data } });
    expect(flattened.unavailable.target_sample_variance_share).toMatch(/three axes/);
    expect(flattened.positions).toBeUndefined();
  });

  it('that the arrays do not have are refused', () => {
    const { prediction, target } = horizons(600, 1);
    expect(inputErrorOf(() => measureStep({ step: 1, prediction, target, perStepAxis: 2 })).code).toBe(
      'E228',
    );
    expect(inputErrorOf(() => measureStep({ step: 1, prediction, target, sampleAxis: 5 })).code).toBe('E228');
    expect(inputErrorOf(() => measureStep({ step: 1, prediction, target, perStepAxis: 0.5 })).code).toBe(
      'E224',
    );
    const flat = { ...target, shape: [288, 6] };
    expect(inputErrorOf(() => measureStep({ step: 1, prediction, target: flat, perStepAxis: 1 })).code).toBe(
      'E228',
    );
  });
});

describe('judge', () => {
  it('is silent on a healthy run, without klReg', () => {
    const { status, exitCode, runs, errors } = judge(run('a', false));
    expect({ status, exitCode, errors }).toEqual({ status: 'ok', exitCode: 0, errors: [] });
    expect(runs[0]!.diagnosis!.label).toBe('healthy');
    expect(runs[0]!.steps.flatMap(({ alerts }) => alerts)).toEqual([]);
  });

  it('names a collapse, when it began and the last good step', () => {
    const { status, exitCode, runs } = judge([...run('dying', true), ...run('fine', false)]);
    expect({ status, exitCode }).toEqual({ status: 'alert', exitCode: 1 });
    expect(runs.map(({ run: name, status: own }) => [name, own])).toEqual([
      ['dying', 'alert'],
      ['fine', 'ok'],
    ]);
    expect(runs[0]!.diagnosis).toMatchObject({ label: 'predictor collapse', began: 500, lastGood: 400 });
    expect(runs[0]!.diagnosis!.remedy).toMatch(/predictor/);
  });

  it('gives the verdict of collapse gate, of records that it takes', () => {
    const records = run('a', true);
    for (const record of records) expect(measureRecord.parse(record)).toEqual(record);
    const { status, exitCode, exitReason, runs, errors } = gate(records, judgePlanOf({}), '');
    expect(judge(JSON.parse(JSON.stringify(records)))).toEqual({
      status,
      exitCode,
      exitReason,
      runs,
      errors,
    });
  });

  it('says what presets and the diagnosis say step by step', () => {
    const records = run('a', true);
    const [judged] = judge(records, { presets: ['jepa'] }).runs;
    const rules = PRESETS.find(({ id }) => id === 'jepa')!.rules('error', RFC_0005_THRESHOLDS);
    const [series, diagnoser] = [new RuleSeries(rules), new Diagnoser()];
    const stepwise = records.map(({ step, metrics: values }) => ({
      label: diagnoser.judge({ step, values }).label,
      alerts: series.judge({ step, values }).alerts.map(({ rule }) => rule.id),
    }));
    expect(stepwise.at(-1)!.alerts).not.toEqual([]);
    expect(stepwise).toEqual(
      judged!.steps.map(({ diagnosis, alerts }) => ({
        label: diagnosis,
        alerts: alerts.map(({ criterion }) => criterion),
      })),
    );
  });

  it('takes presets, rules, a warm-up and rules to leave out', () => {
    const records = run('a', true);
    const ofOne = (options: Parameters<typeof judge>[1]) => judge(records, options).runs[0]!;
    expect(ofOne({ presets: ['rfc-0005'] }).steps[5]!.alerts.map(({ criterion }) => criterion)).toEqual([
      'pred_var_per_dim',
      'pairwise_pred_dist_mean',
    ]);
    expect(ofOne({ after: 700 }).status).toBe('early');
    expect(ofOne({ presets: [], failIf: ['pred_r2 < -9'] }).status).toBe('ok');
    const rule = parseRule('pred_l2_mean > 0');
    expect(ofOne({ presets: [], warnIf: [rule] }).status).toBe('warning');
    const all = [...new Set(ofOne({}).steps.flatMap(({ alerts }) => alerts.map((a) => a.criterion)))];
    expect(ofOne({ ignore: all }).status).toBe('ok');
  });

  it('judges by a reference', () => {
    const like = (name: string, noise: number) =>
      [100, 200, 300, 400].map((step) => {
        const target = rows(step);
        const prediction = target.map((row, i) => row.map((x, j) => x + noise * Math.sin(7 * i + 3 * j)));
        return measureStep({ run: name, step, prediction, target });
      });
    const healthy = [0.1, 0.11, 0.12, 0.13].flatMap((noise, i) => like(`seed-${i}`, noise));
    const reference = JSON.parse(JSON.stringify(normalOf(healthy, 0.25, '')));
    const alertsOf = (noise: number, ignore: string[] = []) =>
      judge(like('new', noise), { reference, ignore }).runs[0]!.steps.flatMap(({ alerts }) => alerts);
    expect(alertsOf(0.115)).toEqual([]);
    expect(alertsOf(0.6)[0]!.criterion).toBe('reference.outside');
    expect(alertsOf(0.6, ['reference.outside'])).toEqual([]);
  });

  it('judges a klReg that was supplied, and none that was not', () => {
    const [target, step] = [rows(1), 100];
    const statusOf = (klReg?: number | 'computed' | null) =>
      judge([measureStep({ step, prediction: near(target), target, klReg })]).runs[0]!.steps[0]!;
    expect(statusOf(11).alerts.map(({ criterion }) => criterion)).toEqual(['kl_reg']);
    expect(statusOf(1).alerts).toEqual([]);
    expect(statusOf().skipped[0]!.reason).toMatch(/computed/);
    expect(statusOf(null).metrics.kl_reg).toBeNull();
    expect(inputErrorOf(() => statusOf(Number.NaN)).code).toBe('E221');
  });

  it('judges embeddings alone', () => {
    const records = [1, 2, 3, 4, 5, 6].map((step) =>
      measureStep({ step, prediction: rows(step, step < 3 ? 1 : 1e-9) }),
    );
    expect(judge(records).runs[0]!.diagnosis!.label).toBe('complete collapse');
  });

  it('refuses what is no record and no option', () => {
    const [record] = run('a', false);
    for (const wrong of [{}, null, [1], [{ ...record, step: -1 }], [{ ...record, metrics: null }]]) {
      expect(inputErrorOf(() => judge(wrong as never)).code).toBe('E224');
    }
    for (const wrong of [
      { after: Number.NaN },
      { judge: 'last' },
      { presets: ['x'] },
      { reference: {} },
      3,
    ]) {
      expect(inputErrorOf(() => judge([record!], wrong as never)).code).toBe('E224');
    }
    expect(inputErrorOf(() => judge([record!, record!])).code).toBe('E232');
    expect(judge([]).status).toBe('no-data');
  });

  it('has the types of what the command line reads and writes', () => {
    expectTypeOf<WrittenRecord>().toExtend<StepRecord>();
    expectTypeOf<Report>().toExtend<Judged>();
  });
});

describe('measureStep', () => {
  it('takes one matrix in every form alike', () => {
    const [a, b] = [rows(1), rows(2)];
    const forms = [
      (m: number[][]) => m,
      (m: number[][]) => ({ data: Float64Array.from(m.flat()), shape: [32, 8] }),
      (m: number[][]) => ({ data: m.flat(), shape: [32, 8] }),
      (m: number[][]) => ({ data: Float64Array.from(m.flat()), rows: 32, cols: 8 }),
    ];
    const [first, ...others] = forms.map((of) => measureStep({ step: 1, prediction: of(a), target: of(b) }));
    for (const other of others) expect(other).toEqual(first);
    // More axes say which rows are of one sample; the numbers of the rows are the same.
    const deep = (m: number[][]) => ({ data: m.flat(), shape: [4, 8, 8] });
    expect(measureStep({ step: 1, prediction: deep(a), target: deep(b) }).metrics).toEqual(first!.metrics);
  });

  it('names the argument that is wrong', () => {
    const good = rows(1);
    const measure = (more: object) => () => measureStep({ step: 1, prediction: good, ...more });
    expect(inputErrorOf(measure({ target: [[Number.NaN]] })).message).toMatch(/target/);
    expect(inputErrorOf(measure({ prediction: 'x' })).message).toMatch(/prediction/);
    expect(inputErrorOf(measure({ label: [1, 2] })).message).toMatch(/label/);
    expect(inputErrorOf(measure({ step: 1.5 })).code).toBe('E224');
    expect(inputErrorOf(measure({ metrics: ['pred_rr'] })).message).toMatch(/pred_rr/);
    expect(inputErrorOf(measureStep as () => unknown).code).toBe('E225');
    expect(inputErrorOf(() => measureStep(null as never)).code).toBe('E224');
  });
});
