import { DEFAULT_SAMPLED_PAIRS, MIN_SAMPLED_PAIRS, type Pairwise } from '#numerics/random/pair-sampling.js';

export type PairwiseChoice = Pairwise;

/**
 * `auto`, `exact`, `sample` or `sample:PAIRS`, PAIRS a whole number from 100 on; null for anything else. `pairwiseText`
 * writes it back in full.
 */
export function parsePairwise(text: string): PairwiseChoice | null {
  if (text === 'auto' || text === 'exact') return text;
  if (text === 'sample') return DEFAULT_SAMPLED_PAIRS;
  const pairs = Number(/^sample:(\d+)$/.exec(text)?.[1]);
  return Number.isSafeInteger(pairs) && pairs >= MIN_SAMPLED_PAIRS ? pairs : null;
}

/** @example pairwiseText(1000) // 'sample:1000' */
export function pairwiseText(pairwise: PairwiseChoice): string {
  return typeof pairwise === 'number' ? `sample:${pairwise}` : pairwise;
}
