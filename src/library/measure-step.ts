import { InputError } from '#errors.js';
import { measureHorizons, POSITION_METRICS } from '#measure/measure-horizons.js';
import { DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics, METRICS } from '#metrics/index.js';
import { pairwiseText } from '#metrics/pairwise-choice.js';
import { checkKlReg, type KlRegInput } from '#monitor/kl-reg.js';
import { optionsObject } from '#monitor/options-object.js';
import { createBatch, type BatchInput as MatricesInput } from '#numerics/matrix/batch.js';
import { checkStep } from '#rules/series/step-number.js';
import { type Axes, dtypeOf, type GivenArray, indicesOf, MEMORY, placesOf, type Roles } from './axes.js';
import { type BatchInput, defined, matricesOf } from './batch.js';
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
  /**
   * Of arrays of three axes or more the axis whose indices are measured one by one too, and judged: 1 for the horizons of
   * [B, T, D]; negative numbers count from the end.
   */
  readonly perStepAxis?: number | undefined;
}

/**
 * Measures one step, as `collapse measure` does: the record that `judge` takes, which is plain JSON. Arrays are N×D; of [samples, positions…, D]
 * each row is one sample at one position; units, ddof and values at the edges are each metric's (`METRICS`). Pairs of rows are all taken up to a size,
 * and sampled with a standard error beyond it, unless `pairwise` says otherwise.
 *
 * @throws InputError as `createBatch` does, E221 for `klReg` and E224 for a step that is not an integer >= 0 or an unknown metric,
 * E214 and E228 for a `perStepAxis` that the arrays do not share or have.
 *
 * @example
 * const record = measureStep({ step: 100, prediction: [[1, 0], [0, 1]], target: [[1, 0], [1, 1]] });
 * record.metrics.pred_l2_mean; // 0.5
 */
export function measureStep(given: StepToMeasure): StepRecord {
  const {
    step = null,
    run = 'run',
    klReg: asked,
    metrics: ids = DEFAULT_METRIC_IDS,
    klFrom = 'target',
    pairwise = 'auto',
    seed = 0,
    sampleAxis,
    perStepAxis,
    ...arrays
  } = optionsObject(given);
  const unknown = ids.find((id) => !METRIC_IDS.includes(id));
  if (unknown !== undefined) {
    throw new InputError('E224', `metrics names ${String(unknown)}, which is no metric`, {
      fields: { argument: 'metrics', actual: unknown },
    });
  }
  if (step !== null) checkStep(step);
  const klReg = asked === undefined ? 'computed' : asked === null ? null : checkKlReg(asked);
  const { matrices, roles } = matricesOf(arrays);
  const axes = defined({ sampleAxis, perStepAxis });
  const input = { ...matrices, klReg, klFrom, pairwise, seed, places: placesOf(roles, axes) };
  const batch = createBatch(input);
  const { metrics, unavailable, estimates } = computeMetrics(batch, ids);
  const source = typeof klReg === 'number' ? 'supplied' : klReg;
  return {
    type: 'step',
    schemaVersion: 1,
    run,
    step,
    rows: batch.rows,
    dims: batch.cols,
    inputs: Object.fromEntries(Object.entries(roles).map(([role, array]) => [role, described(array)])),
    metrics,
    klRegSource: metrics.kl_reg == null ? null : source,
    unavailable,
    estimates,
    ...measuredApart(input, roles, axes, ids),
    notes: [],
    fingerprint: {
      metrics: [...ids],
      klReg: asked === undefined ? 'auto' : (source ?? 'none'),
      klFrom,
      pairwise: pairwiseText(pairwise),
      seed,
      ...axes,
    },
  };
}

/** Measures the indices of an axis one by one, as `collapse measure` does. */
function measuredApart(
  input: MatricesInput,
  roles: Roles,
  axes: Axes,
  ids: readonly MetricId[],
): Pick<StepRecord, 'horizons' | 'positions'> {
  const { horizons, positions } = indicesOf(roles, axes);
  if (horizons !== null) return { horizons: measureHorizons(input, horizons, ids, METRICS) };
  const few = ids.filter((id) => POSITION_METRICS.has(id));
  if (positions === null || few.length === 0) return {};
  return { positions: measureHorizons(input, positions, few, METRICS) };
}

function described({ matrix, shape }: GivenArray): RecordedArray {
  return { path: MEMORY, dtype: dtypeOf(matrix), shape };
}
