import type { RandomSlices } from './random-slices.js';

/**
 * Up to this many pair-dimensions, N(N−1)/2·D, every pair is taken unless asked otherwise. A constant of the tool and
 * not of the machine: the same files give the same numbers everywhere.
 */
export const EXACT_PAIR_DIMENSIONS = 4e10;

/** How many pairs are drawn above it, unless said. */
export const DEFAULT_SAMPLED_PAIRS = 1_000_000;

/** Fewer would not carry a standard error that can be trusted. */
export const MIN_SAMPLED_PAIRS = 100;

/** 'auto': exact up to `EXACT_PAIR_DIMENSIONS` and sampled above; 'exact' at any size; a number: that many pairs. */
export type Pairwise = 'auto' | 'exact' | number;

/** How the metrics over pairs of rows are computed, and where what is drawn at random is kept. */
export interface PairSampling {
  readonly pairwise: Pairwise;
  /** Of the random pairs; an integer from 0 to 2^53 − 1. */
  readonly seed: number;
  /** Drawn anew for each quantity without it. */
  readonly slices?: RandomSlices;
}

/** Every pair, whatever their number. */
export const EXACT: PairSampling = { pairwise: 'exact', seed: 0 };

/** How many pairs of [rows, cols] to draw; null: take all of them, as where no fewer would be drawn. */
export function pairsToDraw(pairwise: Pairwise, rows: number, cols: number): number | null {
  const all = (rows * (rows - 1)) / 2;
  if (pairwise === 'exact') return null;
  if (pairwise === 'auto' && all * cols <= EXACT_PAIR_DIMENSIONS) return null;
  const drawn = pairwise === 'auto' ? DEFAULT_SAMPLED_PAIRS : pairwise;
  return drawn < all ? drawn : null;
}
