import type { Matrix } from '#numerics/matrix/matrix.js';
import { normals } from '../../bench/sequences/make-batch.js';

/** What a run is trained on, and how it is saved. */
export interface World {
  readonly rows: number;
  readonly dims: number;
  /** Saved steps after step 0. */
  readonly steps: number;
  /** How many directions of the target can be predicted, and the share of its variance that they have. */
  readonly factors: number;
  readonly r2: number;
  /** Standard deviation over dimensions of the mean of all rows, as a multiple of that of the rows about it. */
  readonly offset?: number;
  /** The share of the run by which all is learnt; 0: it begins with a trained network. */
  readonly warmUp?: number;
  /** A few entries are large and most are next to nothing. */
  readonly heavyTails?: boolean;
  readonly unitRows?: boolean;
  /** Saved as float16. */
  readonly half?: boolean;
  /** By what the scale changes at half time, as between two phases of training. */
  readonly jump?: number;
}

/** What becomes of it in the last two fifths of the run. */
export const FATES = [
  'healthy',
  'predictor gives the mean',
  'predictor gives noise',
  'target shrinks',
  'target loses rank',
] as const;
export type Fate = (typeof FATES)[number];

export interface Pair {
  readonly prediction: Matrix;
  readonly target: Matrix;
}

/**
 * Makes the saved step `step` (0 to `steps`) of a run on one fixed batch: the target goes from random features to a part that
 * can be predicted and one that cannot, the prediction from small noise about a constant to the least-squares one.
 */
export function makeWorld(world: World, fate: Fate, seed: number, step: number): Pair {
  const { rows, dims, factors, r2, steps, offset = 0, warmUp = 0.3, jump = 1 } = world;
  const normal = normals(seed * 7919);
  const draw = (n: number) => Float64Array.from({ length: n }, normal);
  const tail = (x: number) => (world.heavyTails ? x ** 3 / Math.sqrt(15) : x);
  const known = product(draw(rows * factors).map(tail), draw(factors * dims), factors, dims);
  const unknown = draw(rows * dims).map(tail);
  const untrained = draw(rows * dims);
  const two = product(draw(rows * 2), draw(2 * dims), 2, dims);
  const mean = draw(dims).map((x) => x * offset);
  const bias = draw(dims).map((x) => x * 0.1);
  const noise = normals(seed * 104729 + step);

  const time = step / steps;
  const learnt = warmUp === 0 ? 1 : Math.min(1, time / warmUp);
  const late = fate === 'healthy' ? 0 : Math.min(1, Math.max(0, (time - 0.6) / 0.2));
  const scale = time > 0.5 ? jump : 1;
  const apart = fate === 'target shrinks' ? 0.01 ** late : 1;
  const few = fate === 'target loses rank' ? 0.02 ** late : 1;
  const alive = fate.startsWith('predictor') ? 1 - late : 1;
  const stray = 0.05 * (1 - learnt) + 0.001 + (fate === 'predictor gives noise' ? 0.1 * late : 0);
  const target = new Float64Array(rows * dims);
  const prediction = new Float64Array(rows * dims);
  for (let k = 0; k < target.length; k++) {
    const centre = mean[k % dims]!;
    const common = Math.sqrt(1 - few ** 2) * two[k]!;
    const told = few * Math.sqrt(r2) * learnt * known[k]! + common;
    const hidden = few * (Math.sqrt(1 - r2) * learnt * unknown[k]! + 0.5 * (1 - learnt) * untrained[k]!);
    const error = apart * stray * noise() + (1 - learnt) * bias[k % dims]!;
    target[k] = scale * (centre + apart * (told + hidden));
    prediction[k] = scale * (centre + apart * alive * told + error);
  }
  return { prediction: saved(world, prediction), target: saved(world, target) };
}

function saved({ rows, dims, unitRows, half }: World, data: Float64Array): Matrix {
  for (let i = 0; unitRows && i < rows; i++) {
    const row = data.subarray(i * dims, (i + 1) * dims);
    const length = Math.hypot(...row);
    for (let j = 0; j < dims; j++) row[j]! /= length;
  }
  return { rows, cols: dims, data: half ? data.map(toHalf) : data };
}

/** Rounds to eleven significant bits, as float16 has them. */
function toHalf(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -14) - 10);
  return Math.round(x / unit) * unit;
}

/** [n, k] times [k, d], divided by the root of k. */
function product(a: Float64Array, b: Float64Array, k: number, d: number): Float64Array {
  const out = new Float64Array((a.length / k) * d);
  for (const [at, x] of a.entries()) {
    const [row, f] = [Math.floor(at / k), at % k];
    for (let j = 0; j < d; j++) out[row * d + j]! += (x * b[f * d + j]!) / Math.sqrt(k);
  }
  return out;
}
