import { InputError } from '#errors.js';
import { DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { pairwiseText } from '#metrics/pairwise-choice.js';
import { checkKlReg, type KlRegInput } from '#monitor/kl-reg.js';
import { optionsObject } from '#monitor/options-object.js';
import { toMatrix } from '#monitor/to-matrix.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { checkStep } from '#rules/series/step-number.js';
import { type BatchInput, createBatch } from './batch.js';
import type { RecordedArray, StepRecord } from './step-record.js';

/** One step and how it is measured. */
export interface StepToMeasure extends Omit<BatchInput, 'klReg'> {
  /** An integer >= 0, or null for a single step without a number. Step 0 is never judged. */
  readonly step: number | null;
  /** Names the run, where `judge` is to have several; 'run' unless given. */
  readonly run?: string | undefined;
  /**
   * The regulariser's KL term in nats; null: none. Without it the closed form on the targets is measured and not judged: it
   * says more of the size of a batch than of its health. 'computed' asks for a verdict on it.
   */
  readonly klReg?: KlRegInput | null | undefined;
  /** `DEFAULT_METRIC_IDS` unless given: what the rules of the presets need. */
  readonly metrics?: readonly MetricId[] | undefined;
}

/**
 * Measures one step, as `collapse measure` does: the record that `judge` takes, which is plain JSON. Arrays are N×D (leading
 * axes flattened); units, ddof and values at the edges are each metric's (`METRICS`). Pairs of rows are all taken up to a size,
 * and sampled with a standard error beyond it, unless `pairwise` says otherwise.
 *
 * @throws InputError as `createBatch` does, E221 for `klReg` and E224 for a step that is not an integer >= 0 or an unknown metric.
 *
 * @example
 * const record = measureStep({ step: 100, prediction: [[1, 0], [0, 1]], target: [[1, 0], [1, 1]] });
 * record.metrics.pred_l2_mean; // 0.5
 */
export function measureStep(input: StepToMeasure): StepRecord {
  const {
    step = null,
    run = 'run',
    klReg: asked,
    metrics: ids = DEFAULT_METRIC_IDS,
    prediction,
    target = null,
    context = null,
    ...rest
  } = optionsObject(input);
  const unknown = ids.find((id) => !METRIC_IDS.includes(id));
  if (unknown !== undefined) {
    throw new InputError('E224', `metrics names ${String(unknown)}, which is no metric`, {
      fields: { argument: 'metrics', actual: unknown },
    });
  }
  if (step !== null) checkStep(step);
  const klReg = asked === undefined ? 'computed' : asked === null ? null : checkKlReg(asked);
  const settings = { klFrom: 'target', pairwise: 'auto', seed: 0, ...defined(rest) } as const;
  const given = { prediction, target, context };
  const arrays = Object.entries(given).flatMap(([role, array]) =>
    array === null ? [] : [[role, toMatrix(role, array)] as const],
  );
  const { prediction: own, ...others } = Object.fromEntries(arrays);
  const batch = createBatch({ ...settings, ...others, prediction: own!, klReg });
  const { metrics, unavailable, estimates } = computeMetrics(batch, ids);
  const source = typeof klReg === 'number' ? 'supplied' : klReg;
  return {
    type: 'step',
    schemaVersion: 1,
    run,
    step,
    rows: batch.rows,
    dims: batch.cols,
    inputs: Object.fromEntries(arrays.map(([role, matrix]) => [role, described(matrix)])),
    metrics,
    klRegSource: metrics.kl_reg == null ? null : source,
    unavailable,
    estimates,
    notes: [],
    fingerprint: {
      metrics: [...ids],
      klReg: asked === undefined ? 'auto' : (source ?? 'none'),
      klFrom: settings.klFrom,
      pairwise: pairwiseText(settings.pairwise),
      seed: settings.seed,
    },
  };
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function described({ data, rows, cols }: Matrix): RecordedArray {
  return {
    path: 'memory',
    dtype: data instanceof Float32Array ? 'float32' : 'float64',
    shape: [rows, cols],
  };
}
