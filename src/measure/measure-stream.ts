import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import { StreamedBatch, type StreamedBatchInput } from '#numerics/streaming/streamed-batch.js';
import type { StepStream } from './load/step-stream.js';

/**
 * Lets the rows of a step pass by in blocks until all `needs` are known, twice for most metrics, and gives what `read`
 * makes of them. Throws `InputError` as `createBatch` and `read` do, and E220 for what would have to be kept beyond
 * `maxBytes`.
 */
export async function measureStream<Numbers>(
  stream: StepStream,
  settings: Pick<
    StreamedBatchInput,
    'label' | 'group' | 'klReg' | 'klFrom' | 'pairwise' | 'seed' | 'places' | 'maxBytes' | 'passing'
  >,
  needs: readonly StepNeeds[],
  read: (batch: Batch) => Numbers,
): Promise<Numbers> {
  const batch = new StreamedBatch({
    ...settings,
    prediction: stream.shapeOf('prediction')!,
    target: stream.shapeOf('target'),
    context: stream.shapeOf('context'),
  });
  batch.declare(needs);
  for (let sides = batch.startPass(); sides !== null; sides = batch.startPass()) {
    await stream.passBy(batch, sides);
  }
  return read(batch);
}
