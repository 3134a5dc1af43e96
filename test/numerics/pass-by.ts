import type { MeasuredMetrics } from '#metrics/compute.js';
import type { MetricId } from '#metrics/ids.js';
import { computeMetrics, needsOf } from '#metrics/index.js';
import type { BatchInput } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { Side } from '#numerics/matrix/step-view.js';
import { StreamedBatch } from '#numerics/streaming/streamed-batch.js';
import type { StreamedShape } from '#numerics/streaming/streamed-matrix.js';

export interface Passed extends MeasuredMetrics {
  readonly passes: number;
}

/** The metrics of a batch whose rows pass by in blocks of the given lengths, over and over. */
export function passBy(
  input: BatchInput,
  lengths: readonly number[],
  ids: readonly MetricId[],
  maxBytes = Number.POSITIVE_INFINITY,
): Passed {
  const { prediction, target, context = null } = input;
  const shaped = ({ data, rows, cols }: Matrix): StreamedShape => ({
    rows,
    cols,
    valueBytes: data instanceof Float32Array ? 4 : 8,
  });
  const batch = new StreamedBatch({
    ...input,
    prediction: shaped(prediction),
    target: target === null ? null : shaped(target),
    context: context === null ? null : shaped(context),
    maxBytes,
  });
  batch.declare(needsOf(ids));
  let passes = 0;
  for (let sides = batch.startPass(); sides !== null; sides = batch.startPass()) {
    passes++;
    for (let start = 0, k = 0; start < prediction.rows; k++) {
      const end = Math.min(prediction.rows, start + lengths[k % lengths.length]!);
      const rows = (matrix: Matrix | null, side: Side) =>
        matrix === null || !sides.has(side) ? null : rowsOf(matrix, start, end);
      batch.pass({
        prediction: rows(prediction, 'prediction'),
        target: rows(target, 'target'),
        context: rows(context, 'context'),
      });
      start = end;
    }
    batch.endPass();
  }
  return { ...computeMetrics(batch, ids), passes };
}

export function rowsOf({ data, cols }: Matrix, start: number, end: number): Matrix {
  return { data: data.slice(start * cols, end * cols), rows: end - start, cols };
}
