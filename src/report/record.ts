import type { MetricId } from '../metrics/ids.js';
import type { KlRegSource, ReportError, ReportEstimate, ReportInput, ReportWarning } from './types.js';

/** What shapes the numbers of a step. Records with different fingerprints must not be judged together. */
export interface Fingerprint {
  readonly metrics: readonly MetricId[];
  readonly klReg: 'auto' | 'computed' | 'none' | number;
  readonly klFrom: 'target' | 'prediction';
  readonly pairwise: string;
  readonly seed: number;
}

/** One measured step: a line of `collapse measure`, and all that `gate` needs to judge it. */
export interface StepRecord {
  readonly type: 'step';
  readonly schemaVersion: 1;
  readonly run: string;
  readonly step: number | null;
  readonly rows: number;
  readonly dims: number;
  readonly inputs: Readonly<Record<string, ReportInput>>;
  readonly metrics: Readonly<Partial<Record<MetricId, number | null>>>;
  readonly klRegSource: KlRegSource;
  readonly unavailable: Readonly<Partial<Record<MetricId, string>>>;
  readonly estimates: Readonly<Partial<Record<MetricId, ReportEstimate>>>;
  readonly notes: readonly string[];
  readonly fingerprint: Fingerprint;
}

export interface ErrorRecord extends ReportError {
  readonly type: 'error';
}

export interface WarningRecord extends ReportWarning {
  readonly type: 'warning';
}

export interface SummaryRecord {
  readonly type: 'summary';
  readonly runs: number;
  readonly steps: number;
  readonly errors: number;
}

export type MeasureRecord = StepRecord | ErrorRecord | WarningRecord | SummaryRecord;
