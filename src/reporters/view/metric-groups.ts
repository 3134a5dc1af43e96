import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { MetricState } from './metric-state.js';

/** Metrics that belong on one axis: one, or the same of the prediction and of the target. */
export interface MetricGroup {
  readonly title: string;
  /** Worst first. */
  readonly states: readonly MetricState[];
}

const ROLE = /^(pred|target)_/;
/** Where the names of a pair say the role elsewhere than at their beginning. */
const DISTANCES: readonly string[] = ['pairwise_pred_dist_mean', 'pairwise_target_dist_mean'];

/** Puts each metric beside its counterpart of the other role where both have values and one unit; keeps the order. */
export function metricGroups(states: readonly MetricState[], catalogue: MetricCatalogue): MetricGroup[] {
  const byTitle = new Map<string, MetricState[]>();
  for (const state of states) {
    const title = pairTitle(state.id, states, catalogue);
    byTitle.set(title, [...(byTitle.get(title) ?? []), state]);
  }
  return [...byTitle].map(([title, own]) => ({ title, states: own }));
}

/** Names what a pair measures; a metric without a counterpart is named as it is. */
function pairTitle(id: ReportMetricId, states: readonly MetricState[], catalogue: MetricCatalogue): string {
  const other = counterpart(id);
  const isPair =
    other !== null &&
    catalogue[id] !== undefined &&
    catalogue[other]?.unit === catalogue[id].unit &&
    states.some((state) => state.id === other);
  if (!isPair) return id;
  return DISTANCES.includes(id) ? 'pairwise_dist_mean' : id.replace(ROLE, '');
}

function counterpart(id: ReportMetricId): ReportMetricId | null {
  const other = DISTANCES.includes(id)
    ? DISTANCES.find((name) => name !== id)
    : id.replace(ROLE, (role) => (role === 'pred_' ? 'target_' : 'pred_'));
  return other === id || other === undefined ? null : (other as ReportMetricId);
}

/** Tells whether a metric is the target's alone. */
export function isOfTarget(id: ReportMetricId): boolean {
  return id.startsWith('target_') || id === 'pairwise_target_dist_mean';
}
