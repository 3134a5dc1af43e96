import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportRun } from '#report/types.js';

export interface MetricChoice {
  readonly shown: readonly ReportMetricId[];
  /** Measured, without an alert, and ruled by nothing that was asked for. */
  readonly folded: readonly ReportMetricId[];
}

/**
 * Shows the reference's seven, the encoder's effective rank and whatever is ruled on; the rest, and what is `unasked`, only with
 * `all`. Of embeddings alone, what has no value at any step is no row.
 */
export function chooseMetrics(
  run: Pick<ReportRun, 'steps'>,
  ids: readonly ReportMetricId[],
  ruled: ReadonlySet<ReportMetricId>,
  catalogue: MetricCatalogue,
  all: boolean,
  unasked: ReadonlySet<string> = new Set(),
): MetricChoice {
  const isAlone = isEmbeddingsAlone(run);
  const rank = isAlone ? 'pred_effective_rank' : 'target_effective_rank';
  const isChosen = (id: ReportMetricId) =>
    all || (!unasked.has(id) && (catalogue[id]?.isReference === true || ruled.has(id) || id === rank));
  const hasRow = (id: ReportMetricId) =>
    all || !isAlone || run.steps.some(({ metrics }) => metrics[id] != null);
  const rows = ids.filter(hasRow);
  return { shown: rows.filter(isChosen), folded: rows.filter((id) => !isChosen(id)) };
}

/** Tells whether a run is embeddings without targets. */
function isEmbeddingsAlone({ steps }: Pick<ReportRun, 'steps'>): boolean {
  return (
    steps.some(({ inputs }) => inputs.prediction !== undefined) &&
    steps.every(({ inputs }) => inputs.target === undefined)
  );
}
