import type { RowPlaces } from '../positions/row-places.js';
import type { PairSampling } from '../random/pair-sampling.js';
import type { Matrix } from './matrix.js';
import type { Derived, Fold, Own, Subject, VisitNeed } from './quantity.js';

/** What each value that is kept takes beside itself. */
export interface KeptBytes {
  /** For as long as it is kept. */
  readonly more?: number;
  /** For a time, in copies. */
  readonly beside?: number;
}

/** One checked matrix of a batch: in memory, a block of its rows, or passing by in blocks. */
export interface MatrixView extends Subject {
  readonly role: string;
  readonly rows: number;
  readonly cols: number;
  /** How pairs of its rows are taken. */
  readonly sampling: PairSampling;
  /** Where its rows lie in an array of three axes or more; null of one of two. */
  readonly places: RowPlaces | null;
  /** The matrix as rows in memory; null where they pass by. */
  readonly rowsInMemory: Rows | null;
  /** A quantity of the whole matrix, computed once. Throws for what whoever asks does not declare. */
  get<Value>(quantity: MatrixQuantity<Value>): Value;
  /** True where it was said that the quantity will be asked for. */
  isNeeded(quantity: MatrixQuantity): boolean;
  /** The quantity where others need it anyway, else null. */
  ifNeeded<Value>(quantity: MatrixQuantity<Value>): Value | null;
  /** Says that so many values will be kept of rows that pass by: the pass is refused where all together are too much. */
  willKeep(values: number, bytes?: KeptBytes): void;
  /** Why so many could not be kept; null where they could. */
  whyNotKept(values: number, bytes?: KeptBytes): string | null;
  /** Some of the rows, from `firstRow` on, or from many places. */
  some(rows: Matrix, firstRow?: number): Rows;
  forEachNeed(needs: MatrixNeeds, visit: VisitNeed): void;
  declares(needs: MatrixNeeds, of: Subject, quantity: MatrixQuantity): boolean;
}

/** Rows in memory: a whole matrix, or a block of one, whose quantities are then those of the whole. */
export interface Rows extends MatrixView {
  readonly matrix: Matrix;
  /** Where the first of these rows stands in the whole matrix; 0 for rows from many places. */
  readonly firstRow: number;
  readonly isWhole: boolean;
  /** What belongs to these rows alone, computed once. */
  own<Value>(own: RowsOwn<Value>): Value;
}

export interface MatrixFold<Value> extends Fold<MatrixView, Rows, MatrixNeeds, Value> {}
export interface MatrixDerived<Value> extends Derived<MatrixView, MatrixNeeds, Value> {}
export interface RowsOwn<Value> extends Own<Rows, Value> {}
export type MatrixQuantity<Value = unknown> = MatrixFold<Value> | MatrixDerived<Value>;
export type MatrixNeeds = readonly MatrixQuantity[];
