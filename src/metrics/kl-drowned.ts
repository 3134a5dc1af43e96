/** Why there is no closed form of a step that is read in blocks: its spectrum spans more than float64 can tell. */
export const DROWNED =
  'the determinant of the covariance is lost in rounding, and its rows are too many to be held';
