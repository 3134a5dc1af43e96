import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { placeOf, WHOLE } from '../matrix/gather-rows.js';
import type { MatrixView, Rows } from '../matrix/matrix-view.js';
import type { StepDerived, StepFold } from '../matrix/step-view.js';
import { constantColumns, SURVEY } from '../matrix/survey.js';
import type { Estimated } from './estimate.js';
import { forEachProductRow } from './product-rows.js';
import { queriesOf, SEARCH_LIMITS, type SearchLimits } from './queries.js';
import { squaresAbout } from './squares-about.js';
import { surelyCloser } from './surely-closer.js';

type Values = Float32Array | Float64Array;

export interface Retrieval {
  /** Mean credit for having the own target nearest: 1/k where k targets share the smallest distance. */
  readonly top1: number;
  /** Mean reciprocal rank of the own target; k tied targets share the mean of their reciprocal ranks. */
  readonly mrr: number;
}

const QUERY_STREAM = 4;

/**
 * How well each prediction finds its own target among all N targets by Euclidean distance. A constant predictor, or
 * constant targets, score chance: 1/N and H_N/N. N²·D differences; above `limits` of them, unless 'exact' is
 * asked for, random predictions without replacement search all N targets, and both means have a standard error.
 */
export function retrieval(limits: SearchLimits): StepDerived<Retrieval | EstimatedRetrieval> {
  const { rows: queries, isEvery, count: countOf } = queriesOf('the queries', QUERY_STREAM, limits);
  const setting: StepDerived<Setting> = {
    name: 'queries and their own distances',
    reads: BOTH,
    needs: { prediction: [queries, SURVEY], target: [queries, SURVEY] },
    from: ({ prediction, target }) => settingOf(prediction.get(queries), target!.get(queries)),
  };
  const ranks: StepFold<Ranks> = {
    name: 'ranks of the queries',
    reads: ['target'],
    needs: { target: [SURVEY], step: [setting] },
    part: (step) => ranksAmong(step.get(setting), step.target!),
    join: (a, b) => ({
      closer: a.closer.map((n, i) => n + b.closer[i]!),
      tied: a.tied.map((n, i) => n + b.tied[i]!),
    }),
  };
  return {
    name: 'retrieval',
    reads: BOTH,
    needs: {},
    alsoNeeds: (batch) => (isEvery(batch) ? { prediction: [WHOLE], target: [WHOLE] } : { step: [ranks] }),
    from: (batch) => {
      const { rows, prediction, target } = batch;
      if (isEvery(batch)) {
        const among = target!.get(WHOLE);
        return creditsOf(ranksAmong(settingOf(prediction.get(WHOLE), among), among));
      }
      const count = countOf(prediction);
      const { top1, mrr, top1Squares, mrrSquares } = creditsOf(batch.get(ranks));
      const estimated = (value: number, squares: number): Estimated => {
        const left = 1 - count / rows;
        // A credit of 0 or 1 that no query happened to get is allowed for: as if one more were off by 1.
        const variance = ((squares + 1) / count / (count + 1)) * left;
        return {
          value,
          estimate: { method: 'sampled', pairs: count * rows, standardError: Math.sqrt(variance) },
        };
      };
      return { top1: estimated(top1, top1Squares), mrr: estimated(mrr, mrrSquares) };
    },
  };
}

const BOTH = ['prediction', 'target'] as const;

export const RETRIEVAL = retrieval(SEARCH_LIMITS);

/** Both from some of the predictions. */
export interface EstimatedRetrieval {
  readonly top1: Estimated;
  readonly mrr: Estimated;
}

/** Of each query, how many targets are closer than its own, and how many as close, its own included. */
interface Ranks {
  readonly closer: Float64Array;
  readonly tied: Float64Array;
}

function creditsOf({ closer, tied }: Ranks) {
  const harmonic = harmonicNumbers([closer, closer.map((before, i) => before + tied[i]!)]);
  const first = closer.map((before, i) => (before === 0 ? 1 / tied[i]! : 0));
  const reciprocal = closer.map((before, i) => (harmonic(before + tied[i]!) - harmonic(before)) / tied[i]!);
  const mean = (x: Float64Array) => x.reduce((sum, credit) => sum + credit, 0) / x.length;
  const [top1, mrr] = [mean(first), mean(reciprocal)];
  const about = (x: Float64Array, centre: number) =>
    x.reduce((sum, credit) => sum + (credit - centre) ** 2, 0);
  return { top1, mrr, top1Squares: about(first, top1), mrrSquares: about(reciprocal, mrr) };
}

/** H_n of the numbers that are given: of few queries among millions of rows only their own are kept. */
function harmonicNumbers(of: readonly Float64Array[]): (n: number) => number {
  const wanted = new Float64Array(of.reduce((count, { length }) => count + length, 0));
  let end = 0;
  for (const numbers of of) {
    wanted.set(numbers, end);
    end += numbers.length;
  }
  wanted.sort();
  const found = new Float64Array(wanted.length);
  let [sum, n] = [0, 0];
  for (const [at, number] of wanted.entries()) {
    while (n < number) sum += 1 / ++n;
    found[at] = sum;
  }
  return (number) => found[placeOf(wanted, number)]!;
}

/** What queries bring to each block of targets, in one unit; null where every target ties with every other. */
interface Setting {
  readonly queries: number;
  readonly inUnit: {
    readonly exponent: number;
    readonly p: Values;
    /** Of each query to its own target. */
    readonly distances: Float64Array;
    readonly mean: Float64Array;
    readonly squared: Float64Array;
  } | null;
}

/** Row i of `queries` has row i of `own` as its target. */
function settingOf(queries: Rows, own: Rows): Setting {
  const { rows, cols } = queries;
  const { spread, means } = own.get(SURVEY);
  if (spread === 0) return { queries: rows, inUnit: null };
  const exponent = commonExponent(queries, own);
  const constant = constantColumns(own);
  const p = inUnits(queries, constant, exponent);
  const t = inUnits(own, constant, exponent);
  const distances = Float64Array.from({ length: rows }, (_, i) => inOrder(p, t, cols, i, i));
  const mean = means.map((x, j) => (constant[j] === 1 ? 0 : timesPowerOfTwo(x, -exponent)));
  return { queries: rows, inUnit: { exponent, p, distances, mean, squared: squaresAbout(mean, p, rows) } };
}

/**
 * Ranks some targets. Products about the targets' mean say which are closer, in float32 where that leaves few open; what
 * they leave open is compared by distances that are summed in the order of the dimensions, so that equal targets tie exactly.
 */
function ranksAmong({ queries, inUnit }: Setting, targets: Rows): Ranks {
  const { rows, cols } = targets;
  const closer = new Float64Array(queries);
  const tied = new Float64Array(queries);
  if (inUnit === null) return { closer, tied: tied.fill(rows) };
  const { exponent, p, distances, mean, squared } = inUnit;
  const t = inUnits(targets, constantColumns(targets), exponent);
  const others = squaresAbout(mean, t, rows);
  const sets = { x: p, xRows: queries, y: t, yRows: rows, cols };
  const look = (i: number, j: number) => {
    const other = inOrder(p, t, cols, i, j);
    if (other < distances[i]!) closer[i] = closer[i]! + 1;
    else if (other === distances[i]) tied[i] = tied[i]! + 1;
  };
  const surely = surelyCloser({ ...sets, mean, ofX: squared, ofY: others, distances }, look);
  if (surely !== null) return { closer: closer.map((n, i) => n + surely[i]!), tied };
  const open = openBelow(cols);
  forEachProductRow(sets, mean, (i, products) => {
    const mine = distances[i]!;
    for (let j = 0; j < products.length; j++) {
      const both = squared[i]! + others[j]!;
      const apart = both - 2 * products[j]! - mine;
      if (!(Math.abs(apart) > open * both)) look(i, j);
      else if (apart < 0) closer[i] = closer[i]! + 1;
    }
  });
  return { closer, tied };
}

/**
 * More than the rounding of a squared distance from products, and of one from differences, can be, as a share of
 * s_i + s_j: (cols + 4) 2^-52 of it for each of the four sums, and as much again.
 */
const openBelow = (cols: number) => 8 * (cols + 4) * 2 ** -52;

/** ‖p_i − t_j‖², summed in the order of the dimensions, so that equal targets tie exactly. */
function inOrder(p: Values, t: Values, cols: number, i: number, j: number): number {
  let s = 0;
  for (let a = i * cols, b = j * cols, end = a + cols; a < end; a++, b++) {
    const d = p[a]! - t[b]!;
    s += d * d;
  }
  return s;
}

/** Near 2^490 the largest squares still fit and the smallest ones are lost last. */
const COMFORTABLE = 490;

/** One unit for both sides, so that distances compare; 0 unless the differences are extreme. */
function commonExponent(prediction: MatrixView, target: MatrixView): number {
  const [p, t] = [prediction.get(SURVEY), target.get(SURVEY)];
  let largest = 0;
  for (let j = 0; j < target.cols; j++) {
    if (t.min[j] === t.max[j]) continue;
    largest = Math.max(largest, p.max[j]! - t.min[j]!, t.max[j]! - p.min[j]!);
  }
  if (largest === 0) return 0;
  const exponent = Number.isFinite(largest) ? exponentOf(largest) : 1024;
  return Math.abs(exponent) > 300 ? exponent - COMFORTABLE : 0;
}

/**
 * A dimension in which all targets agree ranks none of them before another, and might swamp those that do: it is 0.
 * The values themselves where that and the unit change nothing.
 */
function inUnits({ matrix, rows, cols }: Rows, constant: Uint8Array, exponent: number): Values {
  const { data } = matrix;
  if (exponent === 0 && !constant.includes(1)) return data;
  const out = Float64Array.from(data);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) out[k] = constant[j] === 1 ? 0 : timesPowerOfTwo(out[k]!, -exponent);
  }
  return out;
}
