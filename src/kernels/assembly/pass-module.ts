export { affineMoments } from './affine-rows';
export { columnMoments, columnProducts, surveyColumns } from './columns';
export { rowPairSums } from './row-pairs';
export { rowSums } from './row-sums';
