import type { Batch } from '#numerics/matrix/batch.js';
import type { Estimated } from '#numerics/pairs/estimate.js';
import type { SpectrumKind } from '#numerics/spectra/spectrum.js';
import type { CollapseKindId, MetricId } from './ids.js';

/** A metric without a value on this batch: shown as null with its reason, never 0 and never a pass. */
export interface Unavailable {
  readonly unavailable: string;
}

/** A number that may be Infinity where the result passes float64, an estimate of it, or the reason there is none. */
export type MetricValue = number | Estimated | Unavailable;

export interface Metric {
  readonly id: MetricId;
  readonly title: string;
  /** 'unitless', 'nats', or 'embedding units' (and their powers) for what scales with the embeddings. */
  readonly unit: 'unitless' | 'nats' | 'embedding units' | 'embedding units²' | 'embedding units⁴';
  /** Where collapse lies: a falling or a rising value; null where it depends. */
  readonly collapse: 'low' | 'high' | null;
  /** Every value it can take, as an interval. */
  readonly range: string;
  readonly definition: string;
  readonly edge: string;
  /** The kinds of collapse that it moves with, the likeliest first. */
  readonly sees: readonly CollapseKindId[];
  readonly detects: string;
  readonly blindTo: string;
  readonly source: string;
  readonly needsTarget: boolean;
  readonly needsContext?: true;
  /** The spectrum that it asks for: of the target where it needs one, else of the prediction. */
  readonly spectrum?: SpectrumKind;
  /** The one matrix that it is of, where that is the target. */
  readonly of?: 'target';
  /** It is quicker with what other metrics leave behind, and its value the same: it is asked after them. */
  readonly isLast?: true;
  compute(batch: Batch): MetricValue;
}

export function defineMetric(metric: Metric): Metric {
  return Object.freeze(metric);
}
