import type { Batch } from '#numerics/matrix/batch.js';
import { RowsPending } from '#numerics/matrix/row-fold.js';
import { StreamedBatch, type StreamedBatchInput } from '#numerics/streaming/streamed-batch.js';
import type { StepStream } from './load/step-stream.js';

/**
 * What `read` tells of a step that is read in blocks: its rows pass by until `read` lacks nothing, twice for most
 * metrics. Throws `InputError` as `createBatch` and `read` do, and E220 for what would have to be held beyond `maxBytes`.
 */
export async function measureStream<Numbers>(
  stream: StepStream,
  settings: Pick<StreamedBatchInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed' | 'maxBytes'>,
  read: (batch: Batch) => Numbers,
): Promise<Numbers> {
  const batch = new StreamedBatch({
    ...settings,
    prediction: stream.shapeOf('prediction')!,
    target: stream.shapeOf('target'),
    context: stream.shapeOf('context'),
  });
  let measured = ask(batch, read);
  // Once at least: rows are checked that no metric asks for.
  do {
    await stream.passBy(batch);
    measured = ask(batch, read);
  } while (measured === null);
  return measured;
}

/** null where rows have to pass by first. */
function ask<Numbers>(batch: StreamedBatch, read: (batch: Batch) => Numbers): Numbers | null {
  try {
    return read(batch);
  } catch (error) {
    if (error instanceof RowsPending) return null;
    throw error;
  }
}
