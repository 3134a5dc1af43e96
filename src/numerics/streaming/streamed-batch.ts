import { type Batch, type BatchInput, type BatchRows, batchSettings, checkShapes } from '../matrix/batch.js';
import type { Embedding } from '../matrix/embedding.js';
import type { Matrix } from '../matrix/matrix.js';
import type { RowFold } from '../matrix/row-fold.js';
import { PassFolds } from './pass-folds.js';
import { StreamedEmbedding, type StreamedShape } from './streamed-embedding.js';

export interface StreamedBatchInput extends Pick<BatchInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed'> {
  readonly prediction: StreamedShape;
  readonly target: StreamedShape | null;
  readonly context: StreamedShape | null;
  /** What may be held at once of rows that are kept, in bytes. */
  readonly maxBytes: number;
}

/** The same rows of the matrices that a pass needs, before they are checked. */
export interface RowBlock {
  readonly prediction: Matrix | null;
  readonly target: Matrix | null;
  readonly context: Matrix | null;
}

/**
 * A step whose rows pass by in blocks: its metrics are asked, what they lack is found in one pass, and they are asked
 * again, until none lacks anything.
 */
export class StreamedBatch implements Batch {
  readonly rows: number;
  readonly cols: number;
  readonly prediction: StreamedEmbedding;
  readonly target: StreamedEmbedding | null;
  readonly context: StreamedEmbedding | null;
  readonly klReg: Batch['klReg'];
  readonly klFrom: Batch['klFrom'];
  readonly sampling: Batch['sampling'];
  readonly #folds = new PassFolds<BatchRows>();

  /** Throws as `createBatch` does; what is wrong with a row is told when it passes by. */
  constructor(input: StreamedBatchInput) {
    const { prediction, target, context, maxBytes } = input;
    ({ klReg: this.klReg, klFrom: this.klFrom, sampling: this.sampling } = batchSettings(input));
    checkShapes(prediction, target, context);
    if (prediction.rows < prediction.cols)
      throw new RangeError('rows that pass by are no fewer than dimensions');
    this.rows = prediction.rows;
    this.cols = prediction.cols;
    const whole = (role: string, shape: StreamedShape | null) =>
      shape === null ? null : new StreamedEmbedding(role, shape, maxBytes);
    this.prediction = whole('prediction', prediction)!;
    this.target = whole('target', target);
    this.context = whole('context', context);
  }

  fold<Part>(fold: RowFold<BatchRows, Part>): Part {
    return this.#folds.get(fold);
  }

  /** The matrices whose rows the next pass needs. */
  get needs(): { readonly prediction: boolean; readonly target: boolean; readonly context: boolean } {
    const needed = (one: StreamedEmbedding | null) =>
      one !== null && (!one.isChecked || one.isAsked || this.#folds.isAsked);
    return {
      prediction: needed(this.prediction),
      target: needed(this.target),
      context: needed(this.context),
    };
  }

  startPass(): void {
    for (const whole of this.#matrices()) whole.startPass();
    this.#folds.startPass();
  }

  /** The next rows of every matrix that `needs` named before the pass began; of the others null. */
  pass({ prediction, target, context }: RowBlock): void {
    const rows = {
      prediction: this.#passOne(this.prediction, prediction),
      target: this.#passOne(this.target, target),
      context: this.#passOne(this.context, context),
    };
    if (rows.prediction !== null) this.#folds.add({ ...rows, prediction: rows.prediction });
  }

  endPass(): void {
    for (const whole of this.#matrices()) whole.endPass();
    this.#folds.endPass();
  }

  #passOne(whole: StreamedEmbedding | null, rows: Matrix | null): Embedding | null {
    return whole === null || rows === null ? null : whole.pass(rows);
  }

  #matrices(): StreamedEmbedding[] {
    return [this.prediction, this.target, this.context].filter((one) => one !== null);
  }
}
