/** METRICS.md section 1: the two batches whose answers are known by hand. */
export declare const UNIT: {
  readonly prediction: readonly [readonly [1, 0], readonly [0, 1]];
  readonly target: readonly [readonly [1, 0], readonly [1, 1]];
  readonly klReg: 0.25;
};
export declare const CONSTANT_PREDICTOR: {
  readonly prediction: readonly [
    readonly [0, 0, 0],
    readonly [0, 0, 0],
    readonly [0, 0, 0],
    readonly [0, 0, 0],
  ];
  readonly target: readonly [
    readonly [-2, -1, 0],
    readonly [0, 1, 2],
    readonly [2, 3, 4],
    readonly [4, 5, 6],
  ];
};
