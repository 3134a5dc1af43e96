import { BESIDE_WHOLE, WHOLE } from '../matrix/gather-rows.js';
import type { Rows } from '../matrix/matrix-view.js';
import type { Batch, Side, StepDerived } from '../matrix/step-view.js';
import { UNIT_ROWS, writtenOut } from '../matrix/unit-rows.js';
import { forEachDistanceRow } from '../pairs/distance-rows.js';
import type { Estimated } from '../pairs/estimate.js';
import { meanOfQueries, queriesOf, SEARCH_LIMITS, type SearchLimits } from '../pairs/queries.js';
import { type Classes, classesOf } from './classes.js';

/** Neighbours that vote. */
const NEIGHBOURS = 20;
const QUERY_STREAM = 7;
/** Squared distances that differ by less than this share are equal but for rounding. */
const TIED = 1e-9;

/**
 * The share of rows whose class most of their 20 nearest rows by cosine have, the row itself left out; of fewer rows all
 * others vote. Classes with as many votes share the credit, and rows as near as the last that votes share its place, so
 * that equal rows score as the largest class does. Rows of zeros neither vote nor count. A reason where there is none.
 */
export function nearestClasses(
  side: Side,
  limits: SearchLimits = SEARCH_LIMITS,
): StepDerived<number | Estimated | string> {
  const queries = queriesOf('rows whose class is guessed', QUERY_STREAM, limits);
  const missing = (batch: Batch): string | null => {
    if (batch.label === null) return 'needs a label of each row';
    const classes = classesOf(batch.label);
    if (classes === null) return 'the labels are factors, not classes';
    if (classes.count < 2) return 'all rows have one label';
    const { rows, cols } = batch;
    return batch[side]!.whyNotKept(rows * cols, { beside: BESIDE_WHOLE });
  };
  return {
    name: 'classes of the nearest rows',
    reads: [side],
    needs: {},
    alsoNeeds: (batch) => (missing(batch) === null ? { [side]: [WHOLE, queries.places] } : {}),
    from: (batch) => {
      const reason = missing(batch);
      if (reason !== null) return reason;
      const view = batch[side]!;
      const whole = view.get(WHOLE);
      const chosen = queries.isEvery(view) ? null : view.get(queries.places);
      return accuracy(whole, classesOf(batch.label!)!, chosen);
    },
  };
}

function accuracy(rows: Rows, classes: Classes, chosen: Float64Array | null): number | Estimated | string {
  const unit = rows.own(UNIT_ROWS);
  const all = writtenOut(unit);
  const { cols } = rows;
  const directed = Array.from(unit.hasDirection.keys()).filter((row) => unit.hasDirection[row] === 1);
  if (directed.length < 2) return 'needs two rows that are not zero';
  const asking = chosen === null ? directed : [...chosen].filter((row) => unit.hasDirection[row] === 1);
  if (asking.length < 2) return 'needs two rows that are not zero';
  const y = directed.length === rows.rows ? all : pick(all, directed, cols);
  const x = asking.length === directed.length ? y : pick(all, asking, cols);
  const voters = Uint32Array.from(directed, (row) => classes.of[row]!);
  const credits = new Float64Array(asking.length);
  const place = new Map(directed.map((row, i) => [row, i]));
  const poll = new Poll(voters, classes.count);
  forEachDistanceRow({ x, xRows: asking.length, y, yRows: directed.length, cols }, (i, squared) => {
    const row = asking[i]!;
    credits[i] = poll.credit(squared, place.get(row)!, classes.of[row]!);
  });
  return meanOfQueries(credits, chosen === null ? credits.length : directed.length, 1);
}

function pick(data: Float64Array, rows: readonly number[], cols: number): Float64Array {
  const out = new Float64Array(rows.length * cols);
  for (const [k, row] of rows.entries()) out.set(data.subarray(row * cols, (row + 1) * cols), k * cols);
  return out;
}

/** Counts votes; its arrays are used again. */
class Poll {
  readonly #voters: Uint32Array;
  readonly #votes: Float64Array;
  readonly #nearest: Float64Array;

  constructor(voters: Uint32Array, classes: number) {
    this.#voters = voters;
    this.#votes = new Float64Array(classes);
    this.#nearest = new Float64Array(Math.min(NEIGHBOURS, voters.length - 1));
  }

  /** 1 where most neighbours have class `own`, its share where several classes have as many, else 0. */
  credit(squared: Float64Array, self: number, own: number): number {
    const last = this.#lastNeighbour(squared, self);
    const [below, above] = [last * (1 - TIED), last * (1 + TIED)];
    const voting: number[] = [];
    for (let j = 0; j < squared.length; j++) if (squared[j]! <= above && j !== self) voting.push(j);
    const nearer = voting.reduce((count, j) => count + (squared[j]! < below ? 1 : 0), 0);
    const share = (this.#nearest.length - nearer) / (voting.length - nearer);
    const votes = this.#votes.fill(0);
    for (const j of voting) {
      const voter = this.#voters[j]!;
      votes[voter] = votes[voter]! + (squared[j]! < below ? 1 : share);
    }
    const most = votes.reduce((a, b) => Math.max(a, b));
    const first = votes.reduce((count, x) => (x > most - 1e-9 ? count + 1 : count), 0);
    return votes[own]! > most - 1e-9 ? 1 / first : 0;
  }

  /** The distance of the last that votes. */
  #lastNeighbour(squared: Float64Array, self: number): number {
    const nearest = this.#nearest.fill(Number.POSITIVE_INFINITY);
    const end = nearest.length - 1;
    for (let j = 0; j < squared.length; j++) {
      if (j === self || squared[j]! >= nearest[end]!) continue;
      let at = end;
      for (; at > 0 && nearest[at - 1]! > squared[j]!; at--) nearest[at] = nearest[at - 1]!;
      nearest[at] = squared[j]!;
    }
    return nearest[end]!;
  }
}
