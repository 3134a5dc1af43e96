import type { MetricCatalogue } from '#report/metric-facts.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';

export interface ReportDocument {
  readonly report: Report;
  /** The records that were judged; for reporters that pass them on. */
  readonly records: readonly MeasureRecord[];
  /** What the metrics say about themselves: titles, units. */
  readonly catalogue: MetricCatalogue;
}

export interface RenderOptions {
  readonly color: boolean;
  /** In columns. */
  readonly width: number;
  /** False where a verdict is one line, whatever the width: nobody said how wide, and no terminal did. */
  readonly foldsVerdict?: boolean;
  /** Whether a person sees it at once, from the first line on. */
  readonly isTTY?: boolean;
  /** Nothing but ASCII. */
  readonly ascii: boolean;
  /** The verdict only. */
  readonly quiet: boolean;
  /** Every step as well. */
  readonly verbose: boolean;
  /** What names of Prometheus begin with; the reference's dotted names unless given. */
  readonly prometheusPrefix?: string;
  /** The time of the report, in milliseconds since 1970, for formats that must have one. */
  readonly now: number;
}

/** Text that ends in a newline, or bytes. */
export type Render<Out extends string | Uint8Array = string> = (
  document: ReportDocument,
  options: RenderOptions,
) => Out;

export interface Reporter<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** Loaded when it is asked for: a JSON report loads no table. */
  readonly load: () => Promise<Render<string | Uint8Array>>;
  /** Of files of this format: a file named so needs no other word for its format. */
  readonly extension?: `.${string}`;
  /** Bytes for a file whose name must contain this, because its readers look for it. */
  readonly fileNameContains?: string;
}
