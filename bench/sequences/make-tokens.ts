import type { Batch } from './make-batch.js';
import { normals } from './make-batch.js';

/** What becomes of a run of tokens over its steps. */
export const TOKEN_SEQUENCES = ['healthy', 'positional collapse', 'predictor collapse'] as const;
export type TokenSequence = (typeof TOKEN_SEQUENCES)[number];

export interface TokenShape {
  readonly samples: number;
  readonly positions: number;
  readonly dims: number;
  readonly seed: number;
  /** From 0 on. */
  readonly step: number;
}

/**
 * Step `step` of a run, [samples, positions, dims] flattened to rows: predictions and targets that are N(0, I) with a
 * correlation of 0.8 about a mean of each position, N(0, I) too and the same at all steps; and then what the sequence does:
 *
 * - positional collapse: what is not the position's mean is multiplied by 0.4^step, on both sides;
 * - predictor collapse: the same on the side of the prediction, and so is the correlation.
 */
export function makeTokens(
  sequence: TokenSequence,
  { samples, positions, dims, seed, step }: TokenShape,
): Batch {
  const means = Float64Array.from({ length: positions * dims }, normals(seed));
  const normal = normals(seed * 1000 + step);
  const rows = samples * positions;
  const prediction = new Float64Array(rows * dims);
  const target = new Float64Array(rows * dims);
  const left = 0.4 ** step;
  for (let k = 0; k < prediction.length; k++) {
    const p = normal();
    const shared = sequence === 'predictor collapse' ? left : 1;
    const t = 0.8 * shared * p + Math.sqrt(1 - (0.8 * shared) ** 2) * normal();
    const mean = means[k % means.length]!;
    prediction[k] = mean + p * (sequence === 'healthy' ? 1 : left);
    target[k] = mean + t * (sequence === 'positional collapse' ? left : 1);
  }
  return {
    prediction: { data: prediction, rows, cols: dims },
    target: { data: target, rows, cols: dims },
  };
}
