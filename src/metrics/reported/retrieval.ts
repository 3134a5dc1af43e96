import type { Batch } from '#numerics/matrix/step-view.js';
import { type EstimatedRetrieval, RETRIEVAL, type Retrieval } from '#numerics/pairs/retrieval.js';
import { defineMetric, type MetricValue } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Both metrics read one N²·D pass. */
function measured(batch: Batch, pick: (found: Retrieval | EstimatedRetrieval) => MetricValue): MetricValue {
  return needsTarget(batch, ({ rows }) =>
    rows < 2 ? { unavailable: 'needs two rows' } : pick(batch.get(RETRIEVAL)),
  );
}

const common = {
  unit: 'unitless',
  collapse: 'low',
  blindTo: 'how far a miss is; rows of one sequence that look alike lower it without any collapse',
  source: 'top-1 accuracy and mean reciprocal rank of information retrieval (Voorhees, TREC-8, 1999)',
  dependsOnRows: true,
  needsTarget: true,
  needs: { step: [RETRIEVAL] },
} as const;

/** Share of predictions nearest to their own target among all N: chance is 1/N. */
export const retrievalTop1 = defineMetric({
  ...common,
  id: 'retrieval_top1',
  title: 'Retrieval of the own target, top 1',
  range: '[0, 1]',
  definition:
    'mean over rows of: t_i is the nearest of all t_j to p_i; k targets at one smallest distance count 1/k each',
  edge: 'null for one row; a constant predictor or constant targets give 1/N; above N²·max(D, 256) = 8e10 an estimate from some of the predictions',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictor and complete collapse: it falls to chance, 1/N',
  compute: (batch) => measured(batch, ({ top1 }) => top1),
});

/** Mean reciprocal rank of the own target: chance is H_N/N. */
export const retrievalMrr = defineMetric({
  ...common,
  id: 'retrieval_mrr',
  title: 'Retrieval of the own target, mean reciprocal rank',
  range: '[1/N, 1]',
  definition:
    'mean over rows of 1/rank of t_i among all t_j by distance to p_i; tied targets share their mean',
  edge: 'null for one row; a constant predictor or constant targets give H_N/N; above N²·max(D, 256) = 8e10 an estimate from some of the predictions',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictor and complete collapse: it falls to chance, H_N/N',
  compute: (batch) => measured(batch, ({ mrr }) => mrr),
});
