import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import type { Estimated } from '#numerics/pairs/estimate.js';
import type { CollapseKindId, MetricId } from './ids.js';

/** A metric without a value on this batch: shown as null with its reason, never 0 and never a pass. */
export interface Unavailable {
  readonly unavailable: string;
}

/** A number that may be Infinity where the result passes float64, an estimate of it, or the reason there is none. */
export type MetricValue = number | Estimated | Unavailable;

/** A metric: what it is, in which unit, and how it is computed of a batch. */
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
  /** Its value on the same distribution changes with the number of rows: batches of other sizes are not comparable. */
  readonly dependsOnRows?: true;
  readonly needsContext?: true;
  /** What must be known of each row. */
  readonly needsOfRows?: 'label' | 'group';
  /** The one matrix that it is of, where that is the target. */
  readonly of?: 'target';
  /** All quantities that it asks for, of each matrix and of all together. Asking for another throws an error. */
  readonly needs: StepNeeds;
  compute(batch: Batch): MetricValue;
}

export function defineMetric(metric: Metric): Metric {
  const { id, needs } = metric;
  return Object.freeze({
    ...metric,
    compute: (batch: Batch) => batch.as(id, needs, () => metric.compute(batch)),
  });
}
