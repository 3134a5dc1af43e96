import type { PairSampling } from '../random/pair-sampling.js';
import type { Matrix } from './matrix.js';
import type { MatrixNeeds, MatrixView, Rows } from './matrix-view.js';
import type { Derived, Fold, Own, Subject } from './quantity.js';

export type Side = 'prediction' | 'target' | 'context';

/** What a metric, or a quantity of several matrices, needs of each of them and of all together. */
export type StepNeeds = { readonly [side in Side]?: MatrixNeeds } & {
  readonly step?: readonly StepQuantity[];
};

/** The same rows of a step's matrices; null for what the step lacks or a pass leaves out. */
export interface StepRows {
  readonly prediction: Rows;
  readonly target: Rows | null;
  readonly context: Rows | null;
  /** A quantity of the whole step. */
  get<Value>(quantity: StepQuantity<Value>): Value;
  /** What belongs to these rows alone, computed once. */
  own<Value>(own: StepOwn<Value>): Value;
}

/** The matrices that it is of; a step that lacks one of them lacks the quantity. */
interface Reading {
  readonly reads: readonly Side[];
}

export interface StepFold<Value> extends Fold<Batch, StepRows, StepNeeds, Value>, Reading {}
export interface StepDerived<Value> extends Derived<Batch, StepNeeds, Value>, Reading {}
export interface StepOwn<Value> extends Own<StepRows, Value> {}
export type StepQuantity<Value = unknown> = StepFold<Value> | StepDerived<Value>;

/** A number the training job supplies, 'computed' for the closed form on this batch, null for neither. */
export type KlReg = number | 'computed' | null;

/** One step's checked inputs with the quantities its metrics share. */
export interface Batch extends Subject {
  readonly rows: number;
  readonly cols: number;
  readonly prediction: MatrixView;
  readonly target: MatrixView | null;
  readonly context: MatrixView | null;
  /** A class of each row, or several factors, [rows, K]; null where they are not known. */
  readonly label: Matrix | null;
  /** Of each row which sample it is a view of, [rows, 1]; null where it is not known. */
  readonly group: Matrix | null;
  readonly klReg: KlReg;
  readonly klFrom: 'target' | 'prediction';
  readonly sampling: PairSampling;
  /** A quantity of several matrices, computed once. Throws for what whoever asks does not declare. */
  get<Value>(quantity: StepQuantity<Value>): Value;
  /** Says what will be asked for: quantities that are quicker together come together, and passes are planned. */
  declare(needs: readonly StepNeeds[]): void;
  /** Lets `compute` ask for what is declared, and for nothing else: that throws an error with this name. */
  as<Value>(name: string, needs: StepNeeds, compute: () => Value): Value;
}
