import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { medianOf } from './order.js';
import { PreparedRuns, type ReferenceRun, type ReferenceRuns } from './reference-runs.js';
import { FLOOR, scaleOf } from './scale.js';

/** What became of a metric: beyond the noise in its bad or good direction, or where it has none, or within the noise. */
export type Change = 'worse' | 'differs' | 'same' | 'better';

/** One metric of two runs, at the steps that both have. */
export interface MetricDiff {
  readonly metric: MetricId;
  readonly change: Change;
  /** At the last of the steps. */
  readonly a: number;
  readonly b: number;
  /** b / a; null where that says nothing: a is 0, or the signs differ. */
  readonly ratio: number | null;
  /** The difference in standard deviations of the noise, above 0 where b is worse, or larger where no side is. */
  readonly deviation: number;
  /** The step at which b is worst against a. */
  readonly worstStep: number;
  readonly values: readonly { readonly step: number; readonly a: number; readonly b: number }[];
}

export interface RunDiff {
  /** Worst first. */
  readonly metrics: readonly MetricDiff[];
  /** The steps of b at which a metric could be compared, ascending. */
  readonly steps: readonly number[];
  readonly notCompared: readonly { readonly metric: MetricId; readonly reason: string }[];
}

/** Differences up to so many standard deviations of the noise are none. */
const BEYOND = 2;

/**
 * Compares a run with another, or with the median of several, at its own steps: between those of the other on the line, and
 * nowhere outside them. The noise of a run is the standard error of sampling where the records have one, and how far a value
 * jumps from step to step against the line of its neighbours; that of several runs is how far two of them are apart.
 */
export function diffRuns(a: ReferenceRuns, b: ReferenceRun): RunDiff {
  const runs = new PreparedRuns(a);
  const bands = b.steps.map((step) => runs.bandsAt(step));
  const metrics: MetricDiff[] = [];
  const notCompared: { metric: MetricId; reason: string }[] = [];
  for (const metric of METRIC_IDS) {
    const own = b.metrics[metric];
    const inA = a.metrics.includes(metric);
    if (own === undefined && !inA) continue;
    const values = b.steps.flatMap((step, k) => {
      const [one, other] = [bands[k]!.get(metric)?.centre ?? null, own?.[k] ?? null];
      return one === null || other === null ? [] : [{ step, a: one, b: other }];
    });
    if (values.length > 0) metrics.push(metricDiff(metric, values, noiseOf(metric, a, runs, b)));
    else notCompared.push({ metric, reason: whyNot(own === undefined, inA) });
  }
  const steps = new Set(metrics.flatMap(({ values }) => values.map(({ step }) => step)));
  const order: Record<Change, number> = { worse: 0, differs: 1, same: 2, better: 3 };
  return {
    metrics: metrics.sort((x, y) => order[x.change] - order[y.change] || y.deviation - x.deviation),
    steps: [...steps].sort((x, y) => x - y),
    notCompared,
  };
}

function whyNot(isMissing: boolean, inA: boolean): string {
  if (isMissing) return 'the second run does not have it';
  return inA ? 'the runs have no step in common that has a value' : 'the first run does not have it';
}

function metricDiff(metric: MetricId, values: MetricDiff['values'], noise: number): MetricDiff {
  const { to, isJudged } = scaleOf(metric);
  const apart = ({ a, b }: MetricDiff['values'][number]) => (to(b) - to(a)) / noise;
  const last = values.at(-1)!;
  const worst = values.reduce((most, at) => (apart(at) > apart(most) ? at : most), values[0]!);
  const deviation = apart(last);
  const isSame = Math.abs(deviation) <= BEYOND;
  const change = isSame ? 'same' : !isJudged ? 'differs' : deviation > 0 ? 'worse' : 'better';
  const { a, b } = last;
  return {
    metric,
    change,
    a,
    b,
    ratio: a * b > 0 ? b / a : null,
    deviation,
    worstStep: worst.step,
    values,
  };
}

/** The standard deviation of the difference of the two sides, on the metric's scale. */
function noiseOf(id: MetricId, a: ReferenceRuns, runs: PreparedRuns, b: ReferenceRun): number {
  const [only] = a.runs;
  const one = a.runs.length > 1 || only === undefined ? runs.spreadOf(id) : noiseOfRun(id, only);
  return Math.hypot(one, noiseOfRun(id, b));
}

function noiseOfRun(id: MetricId, { metrics, errors }: ReferenceRun): number {
  const { to } = scaleOf(id);
  const values = (metrics[id] ?? []).map((value) => (value === null ? null : to(value)));
  const jumps = values.flatMap((value, i) => {
    const [before, after] = [values[i - 1] ?? null, values[i + 1] ?? null];
    return value === null || before === null || after === null ? [] : [Math.abs(before - 2 * value + after)];
  });
  const jitter = jumps.length === 0 ? 0 : medianOf(jumps) / JUMP_OF_NORMALS;
  const last = metrics[id]?.findLast((value) => value !== null) ?? 0;
  const sampling = Math.abs(to(last + (errors[id] ?? 0)) - to(last));
  return Math.max(FLOOR / Math.SQRT2, jitter, sampling);
}

/** The median of |x − 2y + z| of three normal values, in standard deviations: √6 · 0.6745. */
const JUMP_OF_NORMALS = 1.6521;
