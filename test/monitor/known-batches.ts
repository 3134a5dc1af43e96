/** METRICS.md section 1: the two batches whose answers are known by hand. */
export const UNIT = {
  prediction: [
    [1, 0],
    [0, 1],
  ],
  target: [
    [1, 0],
    [1, 1],
  ],
  klReg: 0.25,
} as const;

export const CONSTANT_PREDICTOR = {
  prediction: [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ],
  target: [
    [-2, -1, 0],
    [0, 1, 2],
    [2, 3, 4],
    [4, 5, 6],
  ],
} as const;
