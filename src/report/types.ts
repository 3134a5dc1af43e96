import type { ErrorCode } from '../errors.js';
import type { MetricId } from '../metrics/ids.js';
import type { Level, Operator } from '../rules/rule.js';

/** The plain, versioned document every reporter prints. Non-finite numbers never appear in it. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'embedding-collapse'; readonly version: string };
  readonly status: ReportStatus;
  readonly exitCode: number;
  readonly exitReason: string;
  readonly thresholds: ReportThresholds;
  readonly rules: readonly ReportRule[];
  readonly runs: readonly ReportRun[];
  readonly errors: readonly ReportError[];
  readonly warnings: readonly ReportWarning[];
  readonly summary: ReportSummary;
}

export type ReportStatus = 'ok' | 'warning' | 'alert' | 'error' | 'no-data';

export interface ReportThresholds {
  readonly pred_var_to_target_var: number;
  readonly pairwise_to_initial: number;
  readonly kl_reg_max: number;
}

export interface ReportRule {
  readonly id: string;
  readonly expression: string;
  readonly level: Level;
}

export interface ReportRun {
  readonly run: string;
  readonly status: ReportStatus;
  readonly baseline: ReportBaseline | null;
  readonly steps: readonly ReportStep[];
}

export interface ReportBaseline {
  /** The step the distance came from; null where it was supplied or the step has no number. */
  readonly step: number | null;
  readonly pairwise_pred_dist_mean: number;
  readonly source: 'first step' | 'flag' | 'state';
}

export interface ReportStep {
  readonly step: number | null;
  readonly judged: boolean;
  /** Why a step was measured and not judged. */
  readonly notJudged?: string;
  readonly rows: number;
  readonly dims: number;
  readonly inputs: Readonly<Record<string, ReportInput>>;
  readonly metrics: Readonly<Partial<Record<MetricId, number | null>>>;
  readonly klRegSource: KlRegSource;
  readonly unavailable: Readonly<Partial<Record<MetricId, string>>>;
  readonly estimates: Readonly<Partial<Record<MetricId, ReportEstimate>>>;
  readonly notes: readonly string[];
  readonly alerts: readonly ReportAlert[];
  readonly skipped: readonly ReportSkip[];
}

export type KlRegSource = 'supplied' | 'computed' | null;

export interface ReportInput {
  readonly path: string;
  readonly key?: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface ReportEstimate {
  readonly method: 'sampled';
  readonly pairs: number;
  readonly standardError: number;
}

export interface ReportAlert {
  /** The rule's id; for the reference's criteria the metric's. */
  readonly criterion: string;
  readonly metric: MetricId;
  readonly operator: Operator;
  readonly value: number;
  readonly threshold: number;
  readonly level: Level;
  readonly message: string;
}

export interface ReportSkip {
  readonly criterion: string;
  readonly reason: string;
}

export interface ReportError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly run?: string;
  readonly step?: number | null;
  readonly hint?: string;
}

export interface ReportWarning {
  readonly message: string;
  readonly path?: string;
  readonly run?: string;
  readonly step?: number | null;
}

export interface ReportSummary {
  readonly runs: number;
  readonly steps: number;
  readonly judged: number;
  readonly alerts: number;
  readonly warnings: number;
  readonly skipped: number;
  readonly errors: number;
}
