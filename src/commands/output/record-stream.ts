import type { OutputRequest } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import { recordLine } from '#reporters/machine/record-line.js';
import type { OutputStream } from '../input/context.js';

/** The ndjson that goes to stdout: each record once and as soon as it is there, while the rest waits for the verdict. */
export class RecordStream {
  /** The reports that are still to be made. */
  readonly others: readonly OutputRequest[];
  readonly #stdout: OutputStream | null;
  readonly #written = new WeakSet<MeasureRecord>();

  constructor(outputs: readonly OutputRequest[], stdout: OutputStream) {
    const isStreamed = ({ format, path }: OutputRequest) => format === 'ndjson' && path === null;
    this.others = outputs.filter((output) => !isStreamed(output));
    this.#stdout = outputs.some(isStreamed) ? stdout : null;
  }

  write(record: MeasureRecord): void {
    if (this.#stdout === null || this.#written.has(record)) return;
    this.#written.add(record);
    const line = recordLine(record);
    if (line !== '') this.#stdout.write(line);
  }
}
