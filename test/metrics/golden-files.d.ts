import type { Matrix } from '../../src/core/matrix.js';
import type { MetricId } from '../../src/metrics/ids.js';
export interface GoldenSet {
  readonly description: string;
  readonly rows: number;
  readonly dims: number;
  readonly metrics: Readonly<Partial<Record<MetricId, number>>>;
  readonly log_det: number;
  readonly kl_reg_of_prediction: number;
  readonly kl_reg_null: number | null;
}
/** What the variance and the pairwise criterion say at their defaults; a computed kl_reg is not judged. */
export interface GoldenVerdict {
  readonly baseline_step: number;
  readonly alerts: readonly {
    readonly step: number;
    readonly criterion: MetricId;
    readonly value: number;
    readonly threshold: number;
  }[];
}
/** The verdict at the top judges every step above 0, the one below it only multiples of 500. */
export interface GoldenRun extends GoldenVerdict {
  readonly rows: number;
  readonly dims: number;
  readonly kl_reg_null: number | null;
  readonly steps: readonly {
    readonly step: number;
    readonly metrics: Readonly<Partial<Record<MetricId, number>>>;
  }[];
  readonly every_500: GoldenVerdict;
}
/** Every folder of fixtures/golden: one dropped in becomes a test. */
export declare const GOLDEN_SETS: string[];
export declare const GOLDEN_RUNS: string[];
/** `readGolden<GoldenSet>('golden/zeros/expected.json')` */
export declare function readGolden<T>(path: string): T;
export declare function readPair(folder: string): {
  prediction: Matrix;
  target: Matrix;
};
export declare function stepFolder(run: string, step: number): string;
