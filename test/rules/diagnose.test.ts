import { describe, expect, it } from 'vitest';
import { DEFAULT_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { DIAGNOSIS_LABELS, Diagnoser, type Diagnosis } from '#rules/diagnosis/diagnose.js';
import { isOfEarlierSteps, type Reference } from '#rules/language/rule.js';
import { jepaRules } from '#rules/presets/jepa.js';
import { whyOfJepa } from '#rules/presets/jepa-whys.js';
import { RuleSeries } from '#rules/series/series.js';
import type { MetricValues } from '#rules/series/values.js';
import { cpuMs } from '../support/cpu-time.js';
import { normals } from '../support/normals.js';

function matrix(rows: number, cols: number, value: (row: number, col: number) => number): Matrix {
  const data = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = value(i, j);
  return { data, rows, cols };
}

interface Pair {
  readonly prediction: Matrix;
  readonly target: Matrix;
}

/** A fresh batch of targets N(0, I), and predictions that are right up to noise. */
function healthy(rows: number, cols: number, normal: () => number, noise = 0.5): Pair {
  const target = matrix(rows, cols, normal);
  const prediction = matrix(
    rows,
    cols,
    (i, j) => target.data[i * cols + j]! * (1 - noise) + noise * 0.5 * normal(),
  );
  return { prediction, target };
}

const RULED = new Set(
  jepaRules().flatMap(({ metric, of, where = [] }) =>
    [metric, of, ...where.flatMap((also) => [also.metric, also.of])].filter((id) => typeof id === 'string'),
  ),
);
const IDS = DEFAULT_METRIC_IDS.filter((id) => RULED.has(id) || id === 'pred_r2');

function measure({ prediction, target }: Pair): MetricValues {
  return computeMetrics(createBatch({ prediction, target, klReg: 0 }), IDS).metrics;
}

/** Alerts of the preset and the last diagnosis over steps 100, 200, … */
function watch(batches: readonly MetricValues[]): {
  alerts: string[];
  diagnosis: Diagnosis | null;
  first: number;
} {
  const series = new RuleSeries(jepaRules());
  const diagnoser = new Diagnoser();
  const alerts: string[] = [];
  let first = Number.POSITIVE_INFINITY;
  for (const [i, values] of batches.entries()) {
    const step = (i + 1) * 100;
    const judgement = series.judge({ step, values });
    if (judgement.alerts.length > 0) first = Math.min(first, step);
    alerts.push(...judgement.alerts.map(({ rule }) => `${step} ${rule.id}`));
    diagnoser.judge({ step, values });
  }
  return { alerts, diagnosis: diagnoser.run, first };
}

const STEPS = Array.from({ length: 20 }, (_, i) => i);
const scaled = ({ prediction, target }: Pair, p: number, t: number): Pair => ({
  prediction: matrix(
    prediction.rows,
    prediction.cols,
    (i, j) => prediction.data[i * prediction.cols + j]! * p,
  ),
  target: matrix(target.rows, target.cols, (i, j) => target.data[i * target.cols + j]! * t),
});

const noisy = ({ prediction, target }: Pair, noise: number, normal: () => number): Pair => ({
  prediction: matrix(
    prediction.rows,
    prediction.cols,
    (i, j) => prediction.data[i * prediction.cols + j]! + noise * normal(),
  ),
  target,
});

describe('the preset jepa on healthy batches', () => {
  it('whatever offset the targets share', () => {
    const normal = normals(5);
    const offset = (m: Matrix) => matrix(m.rows, m.cols, (i, j) => m.data[i * m.cols + j]! + 10);
    const batches = STEPS.map(() => {
      const { prediction, target } = healthy(64, 64, normal);
      return measure({ prediction: offset(prediction), target: offset(target) });
    });
    expect(watch(batches).alerts).toEqual([]);
  });

  it('is silent while a predictor warms up, however slowly', () => {
    const normal = normals(6);
    const batches = STEPS.map((i) => measure(scaled(healthy(64, 32, normal), 0.05 * 1.2 ** i, 1)));
    expect(watch(batches)).toMatchObject({ alerts: [], diagnosis: { label: 'healthy' } });
  });
});

describe('a prediction whose scale alone goes, which a cosine loss leaves free', () => {
  const normal = normals(8);

  it.each<[string, (i: number) => number]>([
    ['shrinks step by step', (i) => 0.85 ** i],
    ['is small from the start', () => 0.01],
  ])('is healthy where it %s', (_, scale) => {
    const batches = STEPS.map((i) => measure(scaled(healthy(64, 32, normal), scale(i), 1)));
    expect(watch(batches)).toMatchObject({ alerts: [], diagnosis: { label: 'healthy' } });
  });
});

describe('what collapses is seen and named', () => {
  const normal = normals(7);
  const shares = (rows: number, cols: number, kept: (i: number) => number, side: 'both' | 'prediction') =>
    STEPS.map((i) => {
      const pair = healthy(rows, cols, normal);
      // A growing share of the rows is replaced by the mean.
      const cut = (m: Matrix) =>
        matrix(m.rows, m.cols, (row, j) => (row < kept(i) * rows ? m.data[row * cols + j]! : 0));
      return measure({
        prediction: cut(pair.prediction),
        target: side === 'both' ? cut(pair.target) : pair.target,
      });
    });

  it.each<[string, () => MetricValues[], string]>([
    [
      'both shrink',
      () => STEPS.map((i) => measure(scaled(healthy(64, 32, normal), 0.85 ** i, 0.85 ** i))),
      'complete collapse',
    ],
    ['both go to the mean, row by row', () => shares(64, 32, (i) => 1 - i / 20, 'both'), 'complete collapse'],
    [
      'both are constant from the start',
      () => STEPS.map(() => measure(scaled(healthy(64, 32, normal), 0, 0))),
      'complete collapse',
    ],
    [
      'predictions shrink below their noise',
      () => STEPS.map((i) => measure(noisy(scaled(healthy(64, 32, normal), 0.7 ** i, 1), 0.05, normal))),
      'predictor collapse',
    ],
    [
      'predictions go to the mean',
      () => shares(64, 32, (i) => 1 - i / 20, 'prediction'),
      'predictor collapse',
    ],
    [
      'a prediction that never moves',
      () => STEPS.map(() => measure(noisy(scaled(healthy(64, 32, normal), 0, 1), 0.01, normal))),
      'predictor collapse',
    ],
    [
      'directions are lost, and their variance with them',
      () =>
        STEPS.map((i) => {
          const keep = Math.max(2, Math.round(64 * 0.8 ** i));
          const { prediction, target } = healthy(128, 64, normal);
          const cut = (m: Matrix) =>
            matrix(m.rows, m.cols, (row, j) => (j < keep ? m.data[row * 64 + j]! : 0));
          return measure({ prediction: cut(prediction), target: cut(target) });
        }),
      'dimensional collapse',
    ],
    [
      'directions are lost, and the variance is kept',
      () =>
        STEPS.map((i) => {
          const weak = 0.7 ** i;
          const { prediction, target } = healthy(128, 64, normal);
          const squeeze = (m: Matrix) =>
            matrix(
              m.rows,
              m.cols,
              (row, j) => m.data[row * 64 + j]! * (j < 2 ? Math.sqrt(1 + 31 * (1 - weak * weak)) : weak),
            );
          return measure({ prediction: squeeze(prediction), target: squeeze(target) });
        }),
      'dimensional collapse',
    ],
    [
      'the targets are fine and predictions keep one direction',
      () =>
        STEPS.map(() => {
          const { target } = healthy(128, 64, normal);
          const prediction = matrix(128, 64, (i) => target.data[i * 64]!);
          return measure({ prediction, target });
        }),
      'predictor collapse',
    ],
  ])('%s', (_, batches, label) => {
    const { diagnosis, alerts } = watch(batches());
    expect(alerts.length).toBeGreaterThan(0);
    expect(diagnosis?.label).toBe(label);
    expect(diagnosis?.evidence.length).toBeGreaterThan(0);
  });
});

describe('a diagnosis', () => {
  const values: MetricValues = {
    target_var_per_dim: 1,
    pred_var_per_dim: 0.8,
    pred_target_var_ratio: 0.8,
    pred_cos_centered_mean: 0.9,
    target_std_l2_normalized: 0.12,
    target_effective_rank: 29,
    target_effective_rank_ratio: 0.9,
    pred_effective_rank_ratio: 0.8,
    pred_r2: 0.8,
  };
  const labels = (...steps: MetricValues[]) => {
    const diagnoser = new Diagnoser();
    return steps.map((more, i) => diagnoser.judge({ step: i, values: { ...values, ...more } }).label);
  };

  it('names copying where the context is known', () => {
    expect(labels({ copy_skill: 0.01 }, { copy_skill: 0.3 })).toEqual(['copying', 'healthy']);
    expect(labels({ copy_skill: 0.01, pred_r2: 0.1 })).toEqual(['healthy']);
  });

  it('claims no health without the metrics that would show illness, or before its patience is over', () => {
    expect(labels({ target_effective_rank_ratio: null })).toEqual(['not enough data']);
    expect(labels({ pred_target_var_ratio: 0.05, pred_cos_centered_mean: null })).toEqual([
      'not enough data',
    ]);
    const low = { pred_target_var_ratio: 0.01, pred_var_per_dim: 0.01, pred_cos_centered_mean: 0.04 };
    const wait = 'not enough data';
    expect(labels(low, low, low)).toEqual([wait, wait, 'predictor collapse']);
  });

  it('blames a prediction of low rank only where it points the wrong way: a cosine loss leaves R² free', () => {
    const low = { pred_effective_rank_ratio: 0.08, pred_effective_rank: 2, pred_r2: -2 };
    const last = (values: MetricValues) => labels(values, values, values).at(-1);
    expect(last({ ...low, pred_cos_centered_mean: 0.7 })).toBe('healthy');
    expect(last({ ...low, pred_cos_centered_mean: 0.3 })).toBe('healthy');
    expect(last({ ...low, pred_cos_centered_mean: 0.05 })).toBe('predictor collapse');
  });

  it('blames a prediction that lies on a line, where it explains less than a fourth', () => {
    const line = { pred_effective_rank_ratio: 0.02, pred_effective_rank: 1.01 };
    const last = (values: MetricValues) => labels(values, values, values).at(-1);
    expect(last({ ...line, pred_cos_centered_mean: 0.35 })).toBe('predictor collapse');
    expect(last({ ...line, pred_cos_centered_mean: 0.6 })).toBe('healthy');
    expect(last({ ...line, pred_effective_rank: 1.3, pred_cos_centered_mean: 0.35 })).toBe('healthy');
  });

  it('gives the stricter of two bounds on one value', () => {
    const values = { pred_r2: 0, pred_target_var_ratio: 0.001, pred_cos_centered_mean: 0.05 };
    const found = watch(STEPS.map(() => values));
    expect(found.alerts).toEqual(
      expect.arrayContaining(['1000 jepa.pred_variance_low', '1000 jepa.pred_variance_lost']),
    );
    expect(found.diagnosis?.evidence).toEqual(['pred_target_var_ratio 0.001 < 0.005 for 3 steps or more']);
  });

  it('tells since when', () => {
    const diagnoser = new Diagnoser();
    const step = (number: number, variance: number) =>
      diagnoser.judge({ step: number, values: { ...values, target_var_per_dim: variance } });
    step(100, 1);
    expect(step(200, 1)).toMatchObject({ label: 'healthy', since: 100 });
    step(300, 0.05);
    expect(step(400, 0.05)).toMatchObject({ label: 'complete collapse', since: 400 });
    expect(step(500, 0.05)).toMatchObject({
      label: 'complete collapse',
      since: 400,
      evidence: ['target_var_per_dim 0.05 < 0.1 (10% of trained peak) for 2 steps or more'],
    });
  });

  it('looks for the beginning once, however many steps a collapse lasts', async () => {
    const diagnoser = new Diagnoser();
    const values = computeMetrics(createBatch(healthy(64, 16, normals(3))), DEFAULT_METRIC_IDS).metrics;
    const collapsed = { ...values, target_var_per_dim: 1e-9, target_std_l2_normalized: 1e-9 };
    const elapsed = await cpuMs(() => {
      for (let step = 1; step <= 20_000; step++) {
        diagnoser.judge({ step, values: step > 10_000 ? collapsed : values });
      }
    });
    expect(diagnoser.run).toMatchObject({ label: 'complete collapse', began: 10_001 });
    expect(elapsed).toBeLessThan(10_000);
  });

  it('knows the labels that the report lists', async () => {
    const { diagnosisLabel } = await import('#report/schema.js');
    expect([...diagnosisLabel.options].sort()).toEqual([...DIAGNOSIS_LABELS].sort());
  });
});

describe('the preset jepa', () => {
  it('justifies every rule', () => {
    for (const { id } of jepaRules()) expect(whyOfJepa(id)?.length).toBeGreaterThan(20);
  });

  it('needs nothing that a check does not measure anyway', () => {
    const metrics = [...RULED].filter((id) => !isOfEarlierSteps(id as Reference));
    for (const id of metrics) expect(DEFAULT_METRIC_IDS).toContain(id);
  });
});

describe('values that explode', () => {
  const normal = normals(11);
  const spiked = (at: (step: number) => number, of = (_: number) => 1) =>
    STEPS.map((i) => {
      const { prediction, target } = healthy(64, 32, normal);
      const grown = matrix(64, 32, (r, c) => target.data[r * 32 + c]! * (r === 5 ? of(i) : 1));
      return measure(scaled({ prediction, target: grown }, at(i), at(i)));
    });

  it.each<[string, MetricValues[]]>([
    ['all of one step', spiked((i) => (i === 8 ? 1000 : 1))],
    ['all of two steps', spiked((i) => (i === 8 || i === 9 ? 1000 : 1))],
    [
      'one row of one step',
      spiked(
        () => 1,
        (i) => (i === 8 ? 1e6 : 1),
      ),
    ],
  ])('are no collapse where it is %s', (_, batches) => {
    expect(watch(batches)).toMatchObject({ alerts: [], diagnosis: { label: 'healthy' } });
  });

  it('and stay so along one direction are an explosion, with its own remedy', () => {
    const batches = STEPS.map((i) => {
      const pair = healthy(64, 32, normal);
      if (i < 8) return measure(pair);
      const target = matrix(
        64,
        32,
        (r, c) => 1e6 + 1e3 * (pair.target.data[r * 32]! + 1e-3 * pair.target.data[r * 32 + c]!),
      );
      return measure({ ...pair, target });
    });
    const { alerts, diagnosis } = watch(batches);
    expect(alerts[0]).toBe('1000 jepa.target_exploded');
    expect(diagnosis).toMatchObject({ label: 'explosion', began: 900 });
    expect(diagnosis?.evidence.at(-1)).toMatch(/^variance grown by a factor of \d+/);
    expect(diagnosis?.remedy).toMatch(/learning rate/);
  });

  it('are none where the scale has gone since', () => {
    const batches = spiked((i) => (i > 13 ? 1e-6 : i > 7 ? 100 : 1));
    expect(watch(batches).diagnosis?.label).toBe('complete collapse');
  });
});

describe('what is right to look like collapse', () => {
  const alerts = (...steps: MetricValues[]) => watch(steps).alerts;
  const healthy: MetricValues = {
    target_var_per_dim: 1,
    pred_var_per_dim: 0.9,
    pred_target_var_ratio: 0.9,
    pred_r2: 0.9,
    pred_cos_centered_mean: 0.95,
    target_std_l2_normalized: 0.12,
    target_mean_pairwise_cos: 0.3,
    target_effective_rank: 20,
    target_effective_rank_ratio: 0.6,
    pred_effective_rank_ratio: 0.5,
  };
  const repeat = (values: MetricValues) => Array.from({ length: 6 }, () => ({ ...healthy, ...values }));

  it('a wide embedding of data that has few degrees of freedom: EMA target on image patches, 128 dimensions', () => {
    const few = { target_effective_rank: 10.8, target_effective_rank_ratio: 0.091 };
    expect(alerts(...repeat({ ...few, pred_effective_rank_ratio: 0.039 }))).toEqual([]);
    expect(alerts(...repeat({ target_effective_rank: 2.3, target_effective_rank_ratio: 0.02 }))).not.toEqual(
      [],
    );
  });

  it('a rank that starts low and rises: SIGReg on image patches, 24 dimensions', () => {
    const ranks = [2.97, 4.31, 5.07, 5.53, 5.99, 6.21];
    const rising = ranks.map((rank) => ({
      ...healthy,
      target_effective_rank: rank,
      target_effective_rank_ratio: rank / 24,
      pred_effective_rank_ratio: rank / 30,
    }));
    expect(alerts(...rising)).toEqual([]);
    const fallen = { ...rising[1]!, target_effective_rank: 2.9, target_effective_rank_ratio: 2.9 / 24 };
    expect(alerts(...repeat(fallen))[0]).toBe('200 jepa.target_rank_few');
  });

  it('a narrow embedding: VICReg, 8 dimensions; and two dimensions, whatever they hold', () => {
    const narrow = { target_effective_rank: 3.65, target_effective_rank_ratio: 0.46 };
    expect(alerts(...repeat({ ...narrow, pred_effective_rank_ratio: 0.31 }))).toEqual([]);
    expect(alerts(...repeat({ target_effective_rank: 1.9, target_effective_rank_ratio: 0.95 }))).toEqual([]);
    expect(alerts(...repeat({ target_effective_rank: 2, target_effective_rank_ratio: 0.26 }))).not.toEqual(
      [],
    );
  });

  it('a loss that does not see scale: Barlow Twins settles at a fifth, and rows keep their directions', () => {
    const settled = { ...healthy, target_var_per_dim: 0.2 };
    expect(alerts(healthy, healthy, settled, settled, settled)).toEqual([]);
    const narrowed = { ...settled, target_std_l2_normalized: 0.06 };
    expect(alerts(healthy, healthy, narrowed, narrowed)).toEqual(['400 jepa.target_scale_drawdown']);
  });

  it('predictions of few directions that explain nearly all: a frozen encoder of image patches', () => {
    const low = { target_effective_rank_ratio: 0.471, pred_effective_rank_ratio: 0.036 };
    expect(alerts(...repeat({ ...low, pred_cos_centered_mean: 0.96 }))).toEqual([]);
    expect(alerts(...repeat({ ...low, pred_cos_centered_mean: 0.05 }))).not.toEqual([]);
  });

  it('an untrained predictor wider than the target, and a fall from it', () => {
    const ratio = (value: number) => ({ ...healthy, pred_target_var_ratio: value });
    expect(alerts(ratio(5), ratio(0.9), ratio(0.9), ratio(0.9))).toEqual([]);
  });

  it('a cosine loss, which leaves the scale of the prediction free', () => {
    const scaled = (ratio: number, cos = 0.95) => ({
      ...healthy,
      pred_target_var_ratio: ratio,
      pred_cos_centered_mean: cos,
    });
    const fall = [0.8, 0.4, 0.2, 0.12, 0.09, 0.08, 0.08];
    expect(alerts(...fall.map((ratio) => scaled(ratio)))).toEqual([]);
    expect(alerts(...fall.map((ratio) => scaled(ratio, 0.05)))).not.toEqual([]);
    expect(alerts(...[...fall, 0.009, 0.009, 0.009].map((ratio) => scaled(ratio)))).toEqual([]);
  });

  it('data of which little can be predicted: a prediction as small as its cosine says, unless it was better', () => {
    const small = { pred_target_var_ratio: 0.06, pred_cos_centered_mean: 0.18, pred_r2: 0.02 };
    const few = { ...small, pred_effective_rank: 1.5, pred_effective_rank_ratio: 0.03 };
    const first = (...steps: MetricValues[]) => alerts(...steps)[0];
    const learning = repeat(few).map((values, i) => ({ ...values, target_var_per_dim: 1 + 0.02 * i }));
    expect(alerts(...learning)).toEqual([]);
    expect(alerts(...repeat({ ...few, pred_r2: 0.03 }))).toEqual([]);
    expect(first(...repeat(few))).toBe('300 jepa.pred_explains_little');
    expect(first(healthy, ...repeat(few))).toBe('400 jepa.pred_variance_low');
    expect(first(...repeat({ ...small, pred_target_var_ratio: 0.01 }))).toBe('300 jepa.pred_variance_low');
    expect(alerts(...repeat({ ...small, pred_target_var_ratio: 0.01, pred_r2: -20 }))).toEqual([]);
    expect(first(...repeat({ ...small, pred_cos_centered_mean: 0.04 }))).toBe('300 jepa.pred_variance_low');
  });

  it('directions that grow from a common mean: rank falls while rows spread further than ever', () => {
    const spreads = [0.03, 0.05, 0.07, 0.09, 0.1, 0.104];
    const growing = spreads.map((spread, i) => ({
      ...healthy,
      target_effective_rank: [20, 8, 4, 4, 4, 4][i]!,
      target_effective_rank_ratio: [0.6, 0.25, 0.12, 0.12, 0.12, 0.12][i]!,
      target_std_l2_normalized: spread,
    }));
    expect(alerts(...growing)).toEqual([]);
    expect(alerts(...growing.map((values) => ({ ...values, target_std_l2_normalized: 0.1 })))[0]).toBe(
      '400 jepa.target_rank_drawdown',
    );
  });
});
