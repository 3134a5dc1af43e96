import type { MetricId } from '#metrics/ids.js';
import { firstAtOrAbove, type RunCurves, valueAt } from './curves.js';
import { distanceQuantile } from './distance-quantile.js';
import { medianOf, medianWithout } from './order.js';
import { FLOOR, type Scale, scaleOf } from './scale.js';

/** The others of a run that is left out: the centre to measure from at a step is the median of the others there. */
export interface LeftOut {
  /** By metric: the unit of deviations, of the others alone. */
  readonly units: readonly number[];
  /** How far the run itself is from the others at the step where it is furthest. */
  readonly furthest: number;
}

export interface MetricCurves {
  readonly id: MetricId;
  readonly scale: Scale;
  /** By run, on the scale. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** A run with the standard errors of the metrics that were sampled. */
interface Run extends RunCurves {
  readonly errors: Readonly<Partial<Record<MetricId, number>>>;
}

/** The values of all runs at one step: null without one. */
interface Column {
  readonly byRun: readonly (number | null)[];
  readonly sorted: Float64Array;
}

/** A metric that seldom goes astray, and then far, is measured by how far it goes: by so many of the distances. */
const SHARE = 0.9;
/** What that share of the distances of two normal values does not exceed, in standard deviations: √2 · 1.6449. */
const DISTANCE_OF_NORMALS = 2.3262;
/** Steps that a spread is taken of. */
const MOST_COLUMNS = 64;

export function curvesOf(id: MetricId, runs: readonly Run[]): MetricCurves {
  const scale = scaleOf(id);
  const values = runs.map(({ metrics, steps }) => {
    const own = metrics[id] ?? steps.map(() => null);
    return own.map((value) => (value === null ? null : scale.to(value)));
  });
  return { id, scale, values };
}

/** The value of each run at a step, on the scale; null where a run has none. */
export function valuesAt(runs: readonly Run[], { values }: MetricCurves, step: number): number[] | null {
  const all: number[] = [];
  for (const [j, own] of values.entries()) {
    const value = valueAt(runs[j]!.steps, own, step);
    if (value === null) return null;
    all.push(value);
  }
  return all;
}

/**
 * Leaves each run out in turn. How far a run is from the others at a step: the root of the sum, over the metrics, of the
 * squared deviations on the bad side that last since its step before. So a metric in which one healthy run goes its own way
 * does not outweigh many that a collapse moves together. `grid` has every step of every run, ascending.
 */
export function leaveOut(
  runs: readonly Run[],
  curves: readonly MetricCurves[],
  grid: readonly number[],
): LeftOut[] {
  const grids = gridsOfOthers(runs, grid).map(thinned);
  const units = runs.map((): number[] => []);
  const squares = runs.map(({ steps }) => new Float64Array(steps.length));
  for (const metric of curves) {
    const lasting = metric.scale.isJudged ? lastingOf(runs, metric, grid) : [];
    let columns: ReadonlyMap<number, Column> = new Map();
    for (const [i, own] of units.entries()) {
      columns = columnsAt(runs, metric, grids[i]!, columns);
      const unit = unitOf(runs, metric, columns, i);
      own.push(unit);
      for (const [k, deviation] of (lasting[i] ?? []).entries()) squares[i]![k]! += (deviation / unit) ** 2;
    }
  }
  return units.map((own, i) => ({
    units: own,
    furthest: Math.sqrt(squares[i]!.reduce((most, sum) => Math.max(most, sum), 0)),
  }));
}

/** The unit of deviations from all runs. */
export function unitOfAll(runs: readonly Run[], metric: MetricCurves, grid: readonly number[]): number {
  return unitOf(runs, metric, columnsAt(runs, metric, thinned(grid)), -1);
}

/** By run and step of it, the deviation from the others that lasts since its step before, on the scale; 0 at least. */
function lastingOf(runs: readonly Run[], metric: MetricCurves, grid: readonly number[]): Float64Array[] {
  const lasting = runs.map(({ steps }) => new Float64Array(steps.length));
  const before = new Float64Array(runs.length);
  const next = new Uint32Array(runs.length);
  for (const step of grid) {
    const values = valuesAt(runs, metric, step);
    const sorted = values === null ? null : Float64Array.from(values).sort();
    for (const [i, { steps }] of runs.entries()) {
      for (; steps[next[i]!] === step; next[i]!++) {
        const own = metric.values[i]![next[i]!] ?? null;
        const isMissing = own === null || sorted === null;
        const now = isMissing ? 0 : Math.max(0, own - medianWithout(sorted, firstAtOrAbove(sorted, own)));
        lasting[i]![next[i]!] = Math.min(before[i]!, now);
        before[i] = now;
      }
    }
  }
  return lasting;
}

/** The columns at some steps, by step; those that are in `known` are not made again. */
function columnsAt(
  runs: readonly Run[],
  { values }: MetricCurves,
  steps: readonly number[],
  known: ReadonlyMap<number, Column> = new Map(),
): Map<number, Column> {
  const columnAt = (step: number): Column => {
    const byRun = values.map((own, j) => valueAt(runs[j]!.steps, own, step));
    const finite = byRun.filter((value) => value !== null && Number.isFinite(value)) as number[];
    return { byRun, sorted: Float64Array.from(finite).sort() };
  };
  return new Map(steps.map((step) => [step, known.get(step) ?? columnAt(step)]));
}

/**
 * The unit of a metric's deviations: the distance that nine tenths of two runs but the one left out keep, over their
 * pairs and the steps, as a standard deviation of normal values; never less than the error of sampling, or `FLOOR`.
 */
function unitOf(
  runs: readonly Run[],
  { id, scale }: MetricCurves,
  columns: ReadonlyMap<number, Column>,
  leftOut: number,
): number {
  const ofOthers = [...columns.values()].map(({ byRun, sorted }) => without(sorted, byRun[leftOut] ?? null));
  const distance = distanceQuantile(ofOthers, SHARE);
  const spread = Number.isNaN(distance) ? 0 : distance / DISTANCE_OF_NORMALS;
  return Math.max(spread, FLOOR, errorOf(id, scale, runs, leftOut));
}

/** The error of sampling on the metric's scale: the largest of the runs, at the middle of their values. */
function errorOf(id: MetricId, scale: Scale, runs: readonly Run[], leftOut: number): number {
  const others = runs.filter((_, j) => j !== leftOut);
  const error = others.reduce((most, { errors }) => Math.max(most, errors[id] ?? 0), 0);
  if (error === 0) return 0;
  const values = others.flatMap(({ metrics }) => metrics[id] ?? []).filter((value) => value !== null);
  const middle = medianOf(values);
  return Math.abs(scale.to(middle + error) - scale.to(middle));
}

/** Ascending numbers without one of them. */
function without(sorted: Float64Array, value: number | null): Float64Array {
  const at = value === null ? sorted.length : firstAtOrAbove(sorted, value);
  if (sorted[at] !== value) return sorted;
  const rest = new Float64Array(sorted.length - 1);
  rest.set(sorted.subarray(0, at));
  rest.set(sorted.subarray(at + 1), at);
  return rest;
}

/** Of each run the steps that others have. */
function gridsOfOthers(runs: readonly Run[], grid: readonly number[]): (readonly number[])[] {
  const owners = new Map<number, number>();
  const own = runs.map(({ steps }) => new Set(steps));
  for (const steps of own) for (const step of steps) owners.set(step, (owners.get(step) ?? 0) + 1);
  return own.map((steps) => grid.filter((step) => owners.get(step) !== 1 || !steps.has(step)));
}

/** Takes at most `MOST_COLUMNS` steps, evenly. */
function thinned(steps: readonly number[]): readonly number[] {
  const last = MOST_COLUMNS - 1;
  if (steps.length <= MOST_COLUMNS) return steps;
  return Array.from({ length: MOST_COLUMNS }, (_, i) => steps[Math.round((i * (steps.length - 1)) / last)]!);
}
