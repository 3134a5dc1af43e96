import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';

export interface MetricChoice {
  readonly shown: readonly ReportMetricId[];
  /** Measured, without an alert, and ruled by nothing that was asked for. */
  readonly folded: readonly ReportMetricId[];
}

/** Shows the reference's seven and whatever is ruled on; the rest only with `all`. */
export function chooseMetrics(
  ids: readonly ReportMetricId[],
  ruled: ReadonlySet<ReportMetricId>,
  catalogue: MetricCatalogue,
  all: boolean,
): MetricChoice {
  const isShown = (id: ReportMetricId) => all || catalogue[id]?.isReference === true || ruled.has(id);
  return { shown: ids.filter(isShown), folded: ids.filter((id) => !isShown(id)) };
}
