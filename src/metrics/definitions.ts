/** Raised where a metric gives other numbers of the same arrays: references made before are then of something else. */
export const METRIC_DEFINITIONS = 1;
