import { resolve } from 'node:path';
import { OutputError } from '#errors.js';
import type { FlagValues } from '#options/flags.js';
import type { OutputRequest } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import type { Report, ReportError } from '#report/types.js';
import { withErrors } from '#report/with-errors.js';
import { render } from '#reporters/index.js';
import { catalogueFor, metricsIn } from './metric-catalogue.js';

export interface Judged {
  readonly report: Report;
  readonly records: readonly MeasureRecord[];
}

/** The reports that go to files, each whole or not at all, in folders that are made where they are missing. */
export class ReportFiles {
  readonly #outputs: readonly (OutputRequest & { readonly path: string })[];
  readonly #flags: FlagValues;
  readonly #cwd: string;
  readonly #swept = new Set<string>();

  constructor(outputs: readonly OutputRequest[], flags: FlagValues, cwd: string) {
    this.#outputs = outputs.flatMap(({ format, path }) => (path === null ? [] : [{ format, path }]));
    this.#flags = flags;
    this.#cwd = cwd;
  }

  /**
   * Writes all that can be written; returns the report with an error of each that cannot, which those that were written
   * have too.
   */
  async write({ report, records }: Judged): Promise<Report> {
    const lost = new Map<string, ReportError>();
    let final = report;
    for (let before = -1; before < lost.size; ) {
      before = lost.size;
      for (const output of this.#outputs) {
        if (lost.has(output.path)) continue;
        const error = await this.#writeOne(output, { report: final, records });
        if (error !== null) lost.set(output.path, error);
      }
      final = withErrors(report, [...lost.values()]);
    }
    return final;
  }

  /** Lists the files that hold the report. */
  written({ errors }: Report): string[] {
    const lost = new Set(errors.map(({ path }) => path));
    return this.#outputs.map(({ path }) => path).filter((path) => !lost.has(path));
  }

  async #writeOne(
    { format, path }: OutputRequest & { readonly path: string },
    judged: Judged,
  ): Promise<ReportError | null> {
    const { width } = this.#flags;
    const options = { color: false, width: width ?? 100, foldsVerdict: width !== undefined };
    const document = { ...judged, catalogue: await catalogueFor(metricsIn(judged.report)) };
    const { removeTemporaries, writeFileAtomic } = await import('#io/atomic-write.js');
    const text = await render(format, document, { ...styleOf(this.#flags), ...options });
    const full = resolve(this.#cwd, path);
    if (!this.#swept.has(path)) removeTemporaries(full);
    this.#swept.add(path);
    try {
      writeFileAtomic(full, text, { makesFolder: true });
      return null;
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      return { ...toReportError(error), path };
    }
  }
}

/** What of the flags shapes a report's text, whatever the format. */
export function styleOf({ ascii = false, quiet = false, verbose = false, prometheusPrefix }: FlagValues) {
  const names = prometheusPrefix === undefined ? {} : { prometheusPrefix };
  return { ascii, quiet, verbose, now: Date.now(), ...names };
}
