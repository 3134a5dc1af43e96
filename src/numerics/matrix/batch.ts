import { InputError } from '#errors.js';
import type { RowPlaces } from '../positions/row-places.js';
import { MIN_SAMPLED_PAIRS, type PairSampling, type Pairwise } from '../random/pair-sampling.js';
import { RandomSlices } from '../random/random-slices.js';
import { refuseNonFinite } from './check-matrix.js';
import type { Matrix } from './matrix.js';
import { MatrixInMemory } from './matrix-in-memory.js';
import type { MatrixQuantity, MatrixView, Rows } from './matrix-view.js';
import { Memo } from './memo.js';
import type { Subject, VisitNeed } from './quantity.js';
import type { Batch, KlReg, Side, StepNeeds, StepOwn, StepQuantity, StepRows } from './step-view.js';

export interface BatchInput {
  /** [N, D]. */
  readonly prediction: Matrix;
  /** [N, D]; null where a run has embeddings alone. */
  readonly target: Matrix | null;
  /** What the prediction was made from, [N, D]; absent or null where it was not saved. */
  readonly context?: Matrix | null;
  /** Where the rows lie in arrays of [samples, positions…, dims]; absent or null where those have two axes. */
  readonly places?: RowPlaces | null;
  /** A class of each row, or K factors, [N, K]; absent or null where they are not known. */
  readonly label?: Matrix | null;
  /** Of each row which sample it is a view of, as a number, [N, 1]; absent or null where it is not known. */
  readonly group?: Matrix | null;
  readonly klReg?: KlReg;
  /** Whose distribution the closed form takes; the target's unless said. */
  readonly klFrom?: 'target' | 'prediction';
  /** How the metrics over pairs of rows are computed; 'exact' unless said. */
  readonly pairwise?: Pairwise;
  /** Of the random pairs, where there are any; 0 unless said. */
  readonly seed?: number;
}

/** What the batches of a run share. */
export interface RunInput extends BatchInput {
  /** The batch's own unless given. */
  readonly slices?: RandomSlices;
}

/**
 * Checks a step's inputs. Throws `InputError`: E207 for NaN or Inf (row and column named), E208 for an empty
 * matrix, E214 where the shapes disagree, E221 for a `klReg` that is not finite, E224 for
 * a `pairwise` or `seed` that is not what its type says.
 */
export function createBatch(input: RunInput): Batch {
  const settings = batchSettings(input);
  const { prediction, target, context = null, places = null } = input;
  checkShapes(prediction, target, context);
  const memo = new Memo();
  const whole = (role: Side, matrix: Matrix) =>
    new MatrixInMemory(role, matrix, settings.sampling, memo, places);
  return new BatchInMemory(settings, memo, {
    prediction: whole('prediction', prediction),
    target: target === null ? null : whole('target', target),
    context: context === null ? null : whole('context', context),
  });
}

interface Matrices<View> {
  readonly prediction: View;
  readonly target: View | null;
  readonly context: View | null;
}

/** What a batch is, wherever its rows are. */
export abstract class StepBatch<View extends MatrixView> implements Batch {
  readonly role = 'step';
  readonly rows: number;
  readonly cols: number;
  readonly prediction: View;
  readonly target: View | null;
  readonly context: View | null;
  readonly label: Matrix | null;
  readonly group: Matrix | null;
  readonly klReg: KlReg;
  readonly klFrom: 'target' | 'prediction';
  readonly sampling: PairSampling;
  protected readonly memo: Memo;
  readonly #self = [this];

  constructor(
    { label, group, klReg, klFrom, sampling }: BatchSettings,
    memo: Memo,
    matrices: Matrices<View>,
  ) {
    ({ prediction: this.prediction, target: this.target, context: this.context } = matrices);
    this.rows = this.prediction.rows;
    this.cols = this.prediction.cols;
    this.label = refuseOtherRows('label', label, this.rows);
    this.group = refuseOtherRows('group', group, this.rows);
    this.klReg = klReg;
    this.klFrom = klFrom;
    this.sampling = sampling;
    this.memo = memo;
  }

  abstract get rowsInMemory(): StepRows | null;

  get<Value>(quantity: StepQuantity<Value>): Value {
    return this.memo.get(this, quantity) as Value;
  }

  declare(needs: readonly StepNeeds[]): void {
    const declare = this.memo.declare.bind(this.memo);
    for (const one of needs) this.forEachNeed(one, declare);
  }

  as<Value>(name: string, needs: StepNeeds, compute: () => Value): Value {
    return this.memo.as({ name, of: this.#self, needs }, compute);
  }

  forEachNeed(needs: StepNeeds, visit: VisitNeed): void {
    for (const quantity of needs.step ?? []) {
      if (quantity.reads.every((side) => this[side] !== null)) visit(this, quantity);
    }
    for (const side of SIDES) {
      const declared = needs[side];
      if (declared !== undefined) this[side]?.forEachNeed(declared, visit);
    }
  }

  declares(needs: StepNeeds, of: Subject, quantity: StepQuantity & MatrixQuantity): boolean {
    const declared = of === this ? needs.step : needs[of.role as Side];
    return declared?.includes(quantity) ?? false;
  }
}

const SIDES = ['prediction', 'target', 'context'] as const;

class BatchInMemory extends StepBatch<Rows> implements StepRows {
  get rowsInMemory(): this {
    return this;
  }

  own<Value>(own: StepOwn<Value>): Value {
    return this.memo.own<StepRows, Value>(this, own);
  }
}

export type BatchSettings = Pick<Batch, 'label' | 'group' | 'klReg' | 'klFrom' | 'sampling'>;

/** What a batch is to be measured by, with its defaults. Throws as `createBatch` does. */
export function batchSettings({
  label = null,
  group = null,
  klReg = null,
  klFrom = 'target',
  pairwise = 'exact',
  seed = 0,
  slices = new RandomSlices(),
}: Pick<RunInput, 'label' | 'group' | 'klReg' | 'klFrom' | 'pairwise' | 'seed' | 'slices'>): BatchSettings {
  checkSampling(pairwise, seed);
  if (typeof klReg === 'number' && !Number.isFinite(klReg)) {
    throw new InputError('E221', `kl_reg is ${klReg}, not a finite number`, {
      fields: { argument: 'klReg' },
    });
  }
  return { label, group, klReg, klFrom, sampling: { pairwise, seed, slices } };
}

/** Returns the values of each row; throws `InputError` E214 where they are those of other rows, E207 for NaN or Inf. */
function refuseOtherRows(role: 'label' | 'group', values: Matrix | null, rows: number): Matrix | null {
  if (values === null) return null;
  const { data, rows: own, cols } = values;
  if (own !== rows || data.length !== rows * cols || cols === 0 || (role === 'group' && cols !== 1)) {
    throw new InputError('E214', `the ${role} is [${own}, ${cols}], and there are ${rows} rows`, {
      fields: { argument: role, expected: rows, actual: own },
    });
  }
  refuseNonFinite(role, values);
  return values;
}

type Shape = Pick<Matrix, 'rows' | 'cols'>;

/** Throws `InputError` E214 where the matrices of a step have different shapes. */
export function checkShapes(prediction: Shape, target: Shape | null, context: Shape | null): void {
  if (target !== null) refuseOtherShape(prediction, 'target', target);
  if (context !== null) refuseOtherShape(prediction, 'context', context);
}

function checkSampling(pairwise: Pairwise, seed: number): void {
  const isCount = Number.isSafeInteger(pairwise) && (pairwise as number) >= MIN_SAMPLED_PAIRS;
  if (pairwise !== 'auto' && pairwise !== 'exact' && !isCount) {
    const expected = `'auto', 'exact' or a whole number of pairs, ${MIN_SAMPLED_PAIRS} or more`;
    throw new InputError('E224', `pairwise must be ${expected}, not ${String(pairwise)}`, {
      fields: { argument: 'pairwise', actual: pairwise },
    });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError('E224', `seed must be a whole number of 0 or more, not ${String(seed)}`, {
      fields: { argument: 'seed', actual: seed },
    });
  }
}

function refuseOtherShape(prediction: Shape, role: 'target' | 'context', other: Shape): void {
  if (other.rows === prediction.rows && other.cols === prediction.cols) return;
  const shape = (m: Shape) => `[${m.rows}, ${m.cols}]`;
  throw new InputError('E214', `prediction is ${shape(prediction)}, ${role} is ${shape(other)}`, {
    fields: {
      argument: role,
      prediction: [prediction.rows, prediction.cols],
      [role]: [other.rows, other.cols],
    },
  });
}
