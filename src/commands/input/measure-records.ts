import { availableParallelism } from 'node:os';
import { measure } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import type { MeasureRecord } from '#report/record.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext } from './context.js';
import type { Planned } from './plan-for.js';
import { progressLine } from './progress.js';

/** What is measured, and how. */
export type ToMeasure = Pick<Planned, 'flags' | 'array'> & {
  readonly plan: Pick<Planned['plan'], 'measuring'>;
  readonly overwriting?: Planned['overwriting'];
};

/** Measures, and calls the run and its only step what --run and --step say. */
export async function* measureNamed(
  planned: ToMeasure,
  context: CommandContext,
): AsyncGenerator<MeasureRecord> {
  const records = measureRecords(planned, context);
  const { run, step } = planned.flags;
  if (run === undefined && step === undefined) yield* records;
  else yield* (await import('./name-records.js')).nameRecords(records, { run, step });
}

/** A directory of so many entries is a long run: each of its steps leaves little behind, and all of them much. */
const MANY_ENTRIES = 2000;

/** Measures real files, or the one that is in memory, record by record, with progress on a terminal's stderr meanwhile. */
export async function* measureRecords(
  { plan: { measuring: options }, flags, array, overwriting }: ToMeasure,
  { cwd, stderr, measureWorker, saveMemory }: CommandContext,
): AsyncGenerator<MeasureRecord> {
  const shown = stderr.isTTY === true && !flags.noProgress && !flags.quiet;
  const progress = progressLine(stderr, shown, () => performance.now());
  const isWhole = options.last === undefined && options.steps === undefined;
  const onList = (entries: number) => {
    if (isWhole && entries >= MANY_ENTRIES) saveMemory?.();
  };
  try {
    const records = measure(options, {
      ...(array === null
        ? nodeMeasureIo(cwd, options, onList)
        : (await import('#measure/memory-io.js')).memoryMeasureIo(array, options)),
      threads: options.threads ?? availableParallelism(),
      ...(measureWorker === undefined || array !== null
        ? {}
        : { stepWorker: { url: measureWorker, cwd, startsAtOnce: options.threads !== undefined } }),
      onFound: (runs) => overwriting?.refuseInputs(runs),
      onProgress: (state) => progress.update(state),
      ...(saveMemory === undefined ? {} : { onPassing: saveMemory }),
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
