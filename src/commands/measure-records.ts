import { availableParallelism } from 'node:os';
import type { FlagValues } from '../options/flags.js';
import { measure } from '../pipeline/measure.js';
import type { MeasureOptions } from '../pipeline/measure-options.js';
import { nodeMeasureIo } from '../pipeline/node-io.js';
import type { MeasureRecord } from '../report/record.js';
import { printable } from '../reporters/printable.js';
import type { CommandContext } from './context.js';
import { progressLine } from './progress.js';

/** The records of real files, with progress on a terminal's stderr meanwhile. */
export async function* measureRecords(
  options: MeasureOptions,
  flags: FlagValues,
  { cwd, stderr, measureWorker }: CommandContext,
): AsyncGenerator<MeasureRecord> {
  const shown = stderr.isTTY === true && !flags.noProgress && !flags.quiet;
  const progress = progressLine(stderr, shown, () => performance.now());
  try {
    const records = measure(options, {
      ...nodeMeasureIo(cwd, options),
      threads: options.threads ?? availableParallelism(),
      ...(measureWorker === undefined ? {} : { stepWorker: { url: measureWorker, cwd } }),
      onProgress: (state) => progress.update(state),
      ...(flags.verbose
        ? {
            onIgnored: (path: string, reason: string) =>
              stderr.write(`ignored ${printable(path)}: ${printable(reason)}\n`),
          }
        : {}),
    });
    for await (const record of records) {
      if (record.type !== 'step') progress.clear();
      yield record;
    }
  } finally {
    progress.clear();
  }
}
