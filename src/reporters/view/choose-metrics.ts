import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportRun } from '#report/types.js';

export interface MetricChoice {
  readonly shown: readonly ReportMetricId[];
  /** Measured, without an alert, and ruled by nothing that was asked for. */
  readonly folded: readonly ReportMetricId[];
}

/**
 * Shows the reference's seven and whatever is ruled on; the rest only with `all`. Of embeddings alone, what has no value
 * at any step is no row, and the effective rank is one.
 */
export function chooseMetrics(
  run: Pick<ReportRun, 'steps'>,
  ids: readonly ReportMetricId[],
  ruled: ReadonlySet<ReportMetricId>,
  catalogue: MetricCatalogue,
  all: boolean,
): MetricChoice {
  const isAlone = isEmbeddingsAlone(run);
  const isChosen = (id: ReportMetricId) =>
    all || catalogue[id]?.isReference === true || ruled.has(id) || (isAlone && id === 'pred_effective_rank');
  const hasRow = (id: ReportMetricId) =>
    all || !isAlone || run.steps.some(({ metrics }) => metrics[id] != null);
  const rows = ids.filter(hasRow);
  return { shown: rows.filter(isChosen), folded: rows.filter((id) => !isChosen(id)) };
}

/** Tells whether a run is embeddings without targets. */
function isEmbeddingsAlone({ steps }: Pick<ReportRun, 'steps'>): boolean {
  const inputs = steps.map((step) => step.inputs);
  return (
    inputs.some((own) => own.prediction !== undefined) && inputs.every((own) => own.target === undefined)
  );
}
