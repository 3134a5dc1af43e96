import { type BatchInput, batchSettings, checkShapes, StepBatch } from '../matrix/batch.js';
import type { Matrix } from '../matrix/matrix.js';
import type { Rows } from '../matrix/matrix-view.js';
import { type FoldOf, Memo } from '../matrix/memo.js';
import type { Side, StepOwn, StepQuantity, StepRows } from '../matrix/step-view.js';
import { KeptRows, type PassingBytes } from './kept-rows.js';
import { StreamedMatrix, type StreamedShape } from './streamed-matrix.js';

export interface StreamedBatchInput
  extends Pick<BatchInput, 'label' | 'group' | 'klReg' | 'klFrom' | 'pairwise' | 'seed' | 'places'> {
  readonly prediction: StreamedShape;
  readonly target: StreamedShape | null;
  readonly context: StreamedShape | null;
  /** The most bytes that may be kept at once. */
  readonly maxBytes: number;
  /** How many of them letting the rows pass by takes already; none unless said. */
  readonly passing?: PassingBytes;
}

/** The same rows of the matrices that a pass needs, before they are checked. */
export type StepBlock = Readonly<Record<Side, Matrix | null>>;

/**
 * A step whose rows pass by in blocks, each time for all quantities that can be found by then: `startPass` plans them
 * from what was declared.
 */
export class StreamedBatch extends StepBatch<StreamedMatrix> {
  readonly rowsInMemory = null;
  readonly #kept: KeptRows;
  #running: (FoldOf & { found: { part: unknown } | null })[] = [];

  /** Throws as `createBatch` does; what is wrong with a row is found when it passes by. */
  constructor(input: StreamedBatchInput) {
    const { prediction, target, context, maxBytes, passing, places = null } = input;
    const settings = batchSettings(input);
    checkShapes(prediction, target, context);
    if (prediction.rows < prediction.cols)
      throw new RangeError('rows that pass by are no fewer than dimensions');
    const memo = new Memo();
    const kept = new KeptRows(maxBytes, passing);
    const whole = (role: Side, shape: StreamedShape) =>
      new StreamedMatrix(role, shape, settings.sampling, kept, memo, places);
    super(settings, memo, {
      prediction: whole('prediction', prediction),
      target: target === null ? null : whole('target', target),
      context: context === null ? null : whole('context', context),
    });
    this.#kept = kept;
  }

  /**
   * The matrices whose rows the next pass needs; null where all that was declared is known. Throws `InputError` E220 where
   * more would have to be kept than may be.
   */
  startPass(): ReadonlySet<Side> | null {
    this.#running = this.memo.nextPass().map((one) => ({ ...one, found: null }));
    this.#kept.check();
    if (this.#running.length === 0) return null;
    return new Set(this.#running.flatMap(({ of, fold }) => sidesOf(of.role, fold)));
  }

  /** The next rows of every matrix that `startPass` named; of the others null. */
  pass(block: StepBlock): void {
    const rows = new BlockOfStep(this, this.memo, {
      prediction: passOne(this.prediction, block.prediction),
      target: passOne(this.target, block.target),
      context: passOne(this.context, block.context),
    });
    for (const one of this.#running) {
      const own = one.of === this ? rows : rows[one.of.role as Side];
      const part = this.memo.part(one, own);
      one.found = { part: one.found === null ? part : one.fold.join(one.found.part, part) };
    }
    for (const gone of [rows, rows.prediction, rows.target, rows.context]) {
      if (gone !== null) this.memo.drop(gone);
    }
  }

  endPass(): void {
    for (const { of, fold, found } of this.#running) if (found !== null) this.memo.put(of, fold, found.part);
    this.#running = [];
    for (const whole of [this.prediction, this.target, this.context]) whole?.endPass();
  }
}

class BlockOfStep implements StepRows {
  readonly #whole: StreamedBatch;
  readonly #memo: Memo;
  readonly #rows: Readonly<Record<Side, Rows | null>>;

  constructor(whole: StreamedBatch, memo: Memo, rows: Readonly<Record<Side, Rows | null>>) {
    this.#whole = whole;
    this.#memo = memo;
    this.#rows = rows;
  }

  /** Which a fold that reads it finds there. */
  get prediction(): Rows {
    return this.#rows.prediction!;
  }

  get target(): Rows | null {
    return this.#rows.target;
  }

  get context(): Rows | null {
    return this.#rows.context;
  }

  get<Value>(quantity: StepQuantity<Value>): Value {
    return this.#whole.get(quantity);
  }

  own<Value>(own: StepOwn<Value>): Value {
    return this.#memo.own<StepRows, Value>(this, own);
  }
}

function passOne(whole: StreamedMatrix | null, rows: Matrix | null): Rows | null {
  return whole === null || rows === null ? null : whole.pass(rows);
}

/** Whose rows a fold reads. */
function sidesOf(role: string, fold: object): readonly Side[] {
  return 'reads' in fold ? (fold.reads as readonly Side[]) : [role as Side];
}
