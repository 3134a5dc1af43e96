import type { MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';

/** How values of a metric are compared between runs: on a scale where equal steps matter equally. */
export interface Scale {
  /** Maps a value to the scale; what is larger on it is worse, where the metric has a bad direction. */
  to(value: number): number;
  /** Maps back. */
  from(y: number): number;
  /** False for a metric that collapse may move either way: it is shown, and not judged. */
  readonly isJudged: boolean;
}

/**
 * What counts as the same on every scale, whatever the runs say: about two per cent of a value, or of what is left to the
 * best value, or two hundredths of a share. Runs that agree to the last bit would make anything else infinitely far.
 */
export const FLOOR = 0.02;

/** The logarithm has no zero: a variance of exactly 0 is far below any other. */
const LEAST = 1e-300;

interface Curve {
  to(x: number): number;
  from(y: number): number;
}

const KINDS = {
  /** Positive, without a largest value: variances, distances, ranks, ratios. */
  log: { to: (x) => Math.log(Math.max(x, LEAST)), from: Math.exp },
  /** Unbounded below, 1 at best: what is left to 1 is what counts. */
  'up to one': { to: (x) => -Math.log(Math.max(1 - x, LEAST)), from: (y) => 1 - Math.exp(-y) },
  /** Signed and unbounded: as it is near 0, by its logarithm far from it. */
  signed: { to: Math.asinh, from: Math.sinh },
  /** Between two numbers, as shares and cosines are: as it is. */
  bounded: { to: (x) => x, from: (y) => y },
} as const satisfies Record<string, Curve>;

export type ScaleKind = keyof typeof KINDS;

/** Reads the kind of a metric's scale from the interval of its values. */
export function scaleKindOf(id: MetricId): ScaleKind {
  const [low = '', high = ''] = METRICS[id].range.replace(/^[[(]/, '').split(', ');
  const isOpenBelow = low.startsWith('-∞');
  const isNumber = /^\d/.test(high);
  if (isOpenBelow) return isNumber ? 'up to one' : 'signed';
  return /^\d/.test(low) && !isNumber ? 'log' : 'bounded';
}

/** Returns the scale of a metric. */
export function scaleOf(id: MetricId): Scale {
  const { to, from }: Curve = KINDS[scaleKindOf(id)];
  const { collapse } = METRICS[id];
  const sign = collapse === 'low' ? -1 : 1;
  return {
    to: (x) => sign * to(x),
    // Without the last digits that the way there and back costs.
    from: (y) => Number(from(sign * y).toPrecision(12)),
    isJudged: collapse !== null,
  };
}
