export { columnMoments, columnProducts, surveyColumns } from './columns';
export { rowPairSums } from './row-pairs';
