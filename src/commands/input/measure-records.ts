import { availableParallelism } from 'node:os';
import { measure } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import type { MeasureRecord } from '#report/record.js';
import { printable } from '#reporters/view/printable.js';
import { progressLine } from '../output/progress.js';
import type { CommandContext } from './context.js';
import type { Planned } from './plan-for.js';

/** Measures real files, record by record, with progress on a terminal's stderr meanwhile. */
export async function* measureRecords(
  { plan: { measuring: options }, flags, overwriting }: Planned,
  { cwd, stderr, measureWorker }: CommandContext,
): AsyncGenerator<MeasureRecord> {
  const shown = stderr.isTTY === true && !flags.noProgress && !flags.quiet;
  const progress = progressLine(stderr, shown, () => performance.now());
  try {
    const records = measure(options, {
      ...nodeMeasureIo(cwd, options),
      threads: options.threads ?? availableParallelism(),
      ...(measureWorker === undefined ? {} : { stepWorker: { url: measureWorker, cwd } }),
      onFound: (runs) => overwriting.refuseInputs(runs),
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
