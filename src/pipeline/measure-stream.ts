import { RowsPending } from '../core/row-fold.js';
import { StreamedBatch, type StreamedBatchInput } from '../core/streamed-batch.js';
import type { MetricId } from '../metrics/ids.js';
import { computeMetrics, type MeasuredMetrics } from '../metrics/index.js';
import type { StepStream } from './step-stream.js';

/**
 * The metrics of a step that is read in blocks: its rows pass by until no metric lacks anything, twice for most. Throws
 * `InputError` as `createBatch` and `computeMetrics` do, and E220 for what would have to be held beyond `maxBytes`.
 */
export async function measureStream(
  stream: StepStream,
  settings: Pick<StreamedBatchInput, 'klReg' | 'klFrom' | 'pairwise' | 'seed' | 'maxBytes'>,
  ids: readonly MetricId[],
): Promise<MeasuredMetrics> {
  const batch = new StreamedBatch({
    ...settings,
    prediction: stream.shapeOf('prediction')!,
    target: stream.shapeOf('target'),
    context: stream.shapeOf('context'),
  });
  let measured = ask(batch, ids);
  // Once at least: rows are checked that no metric asks for.
  do {
    await stream.passBy(batch);
    measured = ask(batch, ids);
  } while (measured === null);
  return measured;
}

/** null where rows have to pass by first. */
function ask(batch: StreamedBatch, ids: readonly MetricId[]): MeasuredMetrics | null {
  try {
    return computeMetrics(batch, ids);
  } catch (error) {
    if (error instanceof RowsPending) return null;
    throw error;
  }
}
