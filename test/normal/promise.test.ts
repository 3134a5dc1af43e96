import { describe, expect, it } from 'vitest';
import type { MetricId } from '#metrics/ids.js';
import { LASTING, ReferenceSeries } from '#normal/reference-series.js';
import { normals } from '../support/normals.js';
import { THOROUGH } from '../support/thorough.js';
import { type Curves, runsOf } from './records.js';

const METRICS = ['target_effective_rank', 'pred_r2', 'target_mean_pairwise_cos', 'kl_reg'] as const;
const STEPS = 10;

/** A run of a recipe: levels of its own, a memory from step to step, a wild start, and one in ten that is wilder. */
function randomRun(normal: () => number): Curves {
  const level = normal();
  const wild = normal() > 1.28 ? 3 : 1;
  const curve = (map: (x: number) => number) => {
    let x = normal() * wild;
    return Array.from({ length: STEPS }, (_, k) => {
      x = 0.8 * x + 0.6 * wild * normal();
      return map(0.5 * level + x + (k < 2 ? 3 * normal() : 0));
    });
  };
  const maps: Record<(typeof METRICS)[number], (x: number) => number> = {
    target_effective_rank: (x) => Math.exp(2 + 0.1 * x),
    pred_r2: (x) => 1 - Math.exp(0.3 * x),
    target_mean_pairwise_cos: (x) => Math.tanh(0.1 * x),
    kl_reg: (x) => 50 + 10 * x,
  };
  return Object.fromEntries(METRICS.map((id) => [id, curve(maps[id])]));
}

/** How many of `sets` further runs are outside of the n before them, at whatever step one looks. */
function outside(n: number, alpha: number, sets: number): number {
  const normal = normals(n);
  let count = 0;
  for (let set = 0; set < sets; set++) {
    const runs = Array.from({ length: n }, () => randomRun(normal));
    const further = randomRun(normal);
    const series = new ReferenceSeries(runsOf(runs, alpha));
    const isOutside = Array.from({ length: STEPS }, (_, k) => {
      const values = METRICS.map((id): [MetricId, number] => [id, further[id]![k]!]);
      return series.next(100 * (k + 1), Object.fromEntries(values)).lasts >= LASTING;
    }).includes(true);
    if (isOutside) count++;
  }
  return count;
}

describe('a further run of the recipe is outside no more often than promised', () => {
  // Of eleven, one may deviate as far.
  it.each([
    [3, 1 / 4],
    [9, 1 / 10],
    [19, 1 / 20],
    [11, 1 / 4],
  ])('with %i runs at %f, at whatever step one looks', (n, alpha) => {
    const sets = THOROUGH ? 10_000 : n === 19 ? 400 : 1000;
    const count = outside(n, alpha, sets);
    const error = Math.sqrt(sets * alpha * (1 - alpha));
    expect(count).toBeLessThanOrEqual(sets * alpha + 3 * error);
    // The promise is not kept by saying nothing.
    expect(count).toBeGreaterThan(0.4 * sets * alpha - 3 * error);
  });
});
