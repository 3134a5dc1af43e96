import type { MatrixNeeds, MatrixView } from '#numerics/matrix/matrix-view.js';
import type { Batch, StepQuantity } from '#numerics/matrix/step-view.js';
import { SURVEY } from '#numerics/matrix/survey.js';
import { UNIT_MOMENTS } from '#numerics/matrix/unit-moments.js';
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
  extends Omit<Metric, 'id' | 'needsTarget' | 'needsContext' | 'needs' | 'sees' | 'compute'> {
  readonly name: Name;
  readonly requires: Requirement;
  /** All quantities of the matrix that it asks for; what `requires` asks for besides is added. */
  readonly needs: MatrixNeeds;
  /** The quantities of the step that a side's metric asks for. */
  readonly stepNeeds?: (side: 'prediction' | 'target') => readonly StepQuantity[];
  /** The kinds of collapse that each side moves with, the likeliest first. */
  readonly sees: Readonly<Record<'pred' | 'target', readonly CollapseKindId[]>>;
  compute(embedding: MatrixView, batch: Batch): MetricValue;
}

type BothSides<Name extends SideMetricName> = Readonly<Record<`pred_${Name}` | `target_${Name}`, Metric>>;

/** One definition, measured on the predictions and on the targets. */
export function defineSideMetric<const Name extends SideMetricName>(
  definition: SideMetric<Name>,
): BothSides<Name> {
  const { name, requires, needs, stepNeeds, sees, compute, title, ...rest } = definition;
  const on = (embedding: MatrixView | null, batch: Batch): MetricValue => {
    if (embedding === null) return { unavailable: 'needs a target' };
    const missing = whatIsMissing(embedding, requires);
    return missing === null ? compute(embedding, batch) : { unavailable: missing };
  };
  const all =
    requires === 'two directions' && !needs.includes(UNIT_MOMENTS) ? [UNIT_MOMENTS, ...needs] : needs;
  const side = (role: 'pred' | 'target', noun: string, of: 'prediction' | 'target') =>
    defineMetric({
      ...rest,
      id: `${role}_${name}` as MetricId,
      title: `${title} of ${noun}`,
      sees: sees[role],
      needsTarget: role === 'target',
      needs: { [of]: all, ...(stepNeeds === undefined ? {} : { step: stepNeeds(of) }) },
      compute: (batch) => on(batch[of], batch),
    });
  return {
    [`pred_${name}`]: side('pred', 'predictions', 'prediction'),
    [`target_${name}`]: side('target', 'targets', 'target'),
  } as BothSides<Name>;
}

function whatIsMissing(embedding: MatrixView, requires: Requirement): string | null {
  if (embedding.rows < 2) return 'needs two rows';
  if (requires === 'different rows' && embedding.get(SURVEY).spread === 0) return 'all rows are the same';
  if (requires === 'two directions' && embedding.get(UNIT_MOMENTS).directed.rows < 2)
    return 'needs two rows that are not zero';
  return null;
}
