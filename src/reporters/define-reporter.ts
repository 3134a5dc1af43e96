import type { MetricCatalogue } from '../report/metric-facts.js';
import type { MeasureRecord } from '../report/record.js';
import type { Report } from '../report/types.js';

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
  /** Nothing but ASCII. */
  readonly ascii: boolean;
  /** The verdict only. */
  readonly quiet: boolean;
  /** Every step as well. */
  readonly verbose: boolean;
}

export type Render = (document: ReportDocument, options: RenderOptions) => string;

export interface Reporter<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** Loaded when it is asked for: a JSON report loads no table. */
  readonly load: () => Promise<Render>;
}
