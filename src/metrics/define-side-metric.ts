import type { Batch } from '#numerics/matrix/batch.js';
import { UNIT_MOMENTS } from '#numerics/matrix/unit-moments.js';
import type { WholeEmbedding } from '#numerics/matrix/whole-embedding.js';
import { defineMetric, type Metric, type MetricValue } from './define-metric.js';
import type { CollapseKindId, MetricId } from './ids.js';

type PairedName<Id> = Id extends `pred_${infer Name}`
  ? `target_${Name}` extends MetricId
    ? Name
    : never
  : never;

/** The names that come as `pred_…` and `target_…`; the two variances of the seven have files of their own. */
export type SideMetricName = Exclude<PairedName<MetricId>, 'var_per_dim'>;

/** What a matrix must have for the metric to mean something. */
export type Requirement = 'two rows' | 'different rows' | 'two directions';

export interface SideMetric<Name extends SideMetricName>
  extends Omit<Metric, 'id' | 'needsTarget' | 'needsContext' | 'sees' | 'compute'> {
  readonly name: Name;
  readonly needs: Requirement;
  /** The kinds of collapse that each side moves with, the likeliest first. */
  readonly sees: Readonly<Record<'pred' | 'target', readonly CollapseKindId[]>>;
  compute(embedding: WholeEmbedding, batch: Batch): MetricValue;
}

type BothSides<Name extends SideMetricName> = Readonly<Record<`pred_${Name}` | `target_${Name}`, Metric>>;

/** One definition, measured on the predictions and on the targets. */
export function defineSideMetric<const Name extends SideMetricName>(
  definition: SideMetric<Name>,
): BothSides<Name> {
  const { name, needs, sees, compute, title, ...rest } = definition;
  const on = (embedding: WholeEmbedding | null, batch: Batch): MetricValue => {
    if (embedding === null) return { unavailable: 'needs a target' };
    const missing = whatIsMissing(embedding, needs);
    return missing === null ? compute(embedding, batch) : { unavailable: missing };
  };
  const side = (role: 'pred' | 'target', noun: string, pick: (batch: Batch) => WholeEmbedding | null) =>
    defineMetric({
      ...rest,
      id: `${role}_${name}` as MetricId,
      title: `${title} of ${noun}`,
      sees: sees[role],
      needsTarget: role === 'target',
      compute: (batch) => on(pick(batch), batch),
    });
  return {
    [`pred_${name}`]: side('pred', 'predictions', (batch) => batch.prediction),
    [`target_${name}`]: side('target', 'targets', (batch) => batch.target),
  } as BothSides<Name>;
}

function whatIsMissing(embedding: WholeEmbedding, needs: Requirement): string | null {
  if (embedding.rows < 2) return 'needs two rows';
  if (needs === 'different rows' && embedding.spread === 0) return 'all rows are the same';
  if (needs === 'two directions' && embedding.fold(UNIT_MOMENTS).directed.rows < 2)
    return 'needs two rows that are not zero';
  return null;
}
