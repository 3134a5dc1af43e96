import type { ReportError, ReportInput } from './types.js';

/** What `doctor` found in a run, without a metric. */
export interface ExaminedRun {
  readonly run: string;
  readonly steps: readonly ExaminedStep[];
  /** Steps and files that cannot be used. */
  readonly problems: readonly ReportError[];
  readonly warnings: readonly string[];
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}

export interface ExaminedStep {
  readonly step: number | null;
  /** By role. */
  readonly inputs: Readonly<Record<string, ReportInput>>;
  /** Of the prediction, leading axes flattened. */
  readonly rows: number;
  readonly dims: number;
}

export interface Examination {
  readonly runs: readonly ExaminedRun[];
  /** Of paths that lead to no run. */
  readonly problems: readonly ReportError[];
}
