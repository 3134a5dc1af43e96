import { nearestClasses } from '#numerics/rows/nearest-classes.js';
import { defineSideMetric } from '../define-side-metric.js';
import { orReason } from '../or-reason.js';

const ACCURACY = { prediction: nearestClasses('prediction'), target: nearestClasses('target') };

/** Whether rows of one class lie together: chance is the share of the largest class. */
export const knnAccuracy = defineSideMetric({
  name: 'knn_accuracy',
  title: '20-NN accuracy of the labels',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, 1]',
  definition:
    'share of rows whose label most of their 20 nearest other rows by cosine have; classes with as many votes share the credit, rows as near as the last its place',
  edge: 'null without a label array, for factors, for one class, and where the rows of a larger step do not fit in memory; rows of zeros are left out; equal rows score the largest class; above N²·max(D, 256) = 8e10 an estimate from some of the rows',
  sees: {
    pred: ['predictor collapse', 'complete collapse'],
    target: ['complete collapse', 'dimensional collapse'],
  },
  detects: 'whether the class is still in the embeddings, whatever their scale and rank',
  blindTo: 'what the labels do not name; a batch with few rows a class lowers it in health',
  source: 'kNN evaluation of self-supervised features (Wu et al., arXiv 1805.01978)',
  dependsOnRows: true,
  needsOfRows: 'label',
  requires: 'two rows',
  needs: [],
  stepNeeds: (side) => [ACCURACY[side]],
  compute: (embedding, batch) => orReason(batch.get(ACCURACY[embedding.role as 'prediction' | 'target'])),
});
