import type { ErrorCode } from '#errors.js';
import type { MetricId } from '#metrics/ids.js';
import type { DiagnosisLabel } from '#rules/diagnosis/diagnose.js';
import type { Level, Operator } from '#rules/language/rule.js';
import type { MetricValues } from '#rules/series/values.js';

/**
 * `alert`: a rule at level error alerts; `warning`: one at level warn does; `early`: fewer steps than the rules wait for;
 * `no-data`: nothing could be judged.
 */
export type JudgedStatus = 'ok' | 'early' | 'warning' | 'alert' | 'error' | 'no-data';

/** A verdict: what of the report of `collapse gate` is no matter of files. */
export interface Judged {
  /** The gravest of the runs. */
  readonly status: JudgedStatus;
  /** The one `collapse gate` would end with: 0, 1 for an alert, 4 where nothing was judged. */
  readonly exitCode: number;
  readonly exitReason: string;
  readonly runs: readonly JudgedRun[];
  /** Why a run has no verdict. */
  readonly errors: readonly {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly path?: string;
  }[];
}

/** The verdict on one run. */
export interface JudgedRun {
  readonly run: string;
  readonly status: JudgedStatus;
  /** Absent where no step was judged. */
  readonly diagnosis?: JudgedDiagnosis;
  /** Of `early`: how many steps were judged, and how many are needed. */
  readonly early?: { readonly judged: number; readonly needed: number; readonly reason: string };
  /** Ascending by step. */
  readonly steps: readonly JudgedStep[];
}

/** What a run shows, and since when. */
export interface JudgedDiagnosis {
  readonly label: DiagnosisLabel;
  /** The judged step at which it was confirmed. */
  readonly since: number | null;
  /** Values against their bounds, in words. */
  readonly evidence: readonly string[];
  /** Of a collapse of one index of `perStepAxis`: which, from 1 on. */
  readonly horizon?: number;
  /** Of a collapse: the first judged step at which the values had left what they had been. */
  readonly began?: number | null;
  /** Of a collapse: the newest judged step before it without an alert, the checkpoint to go back to; null: none. */
  readonly lastGood?: number | null;
  /** Of a collapse that the run came out of: the judged step that was free of it. */
  readonly recovered?: number | null;
  /** What helps. */
  readonly remedy?: string;
}

/** One step of a run, as it was judged. */
export interface JudgedStep {
  readonly step: number | null;
  readonly judged: boolean;
  /** Why it was not: step 0, one row. */
  readonly notJudged?: string;
  readonly diagnosis?: DiagnosisLabel;
  /** Of each index of `perStepAxis` by itself. */
  readonly horizonDiagnoses?: readonly DiagnosisLabel[];
  readonly alerts: readonly JudgedAlert[];
  /** Rules that could not be decided: never a pass. */
  readonly skipped: readonly { readonly criterion: string; readonly reason: string }[];
  readonly metrics: MetricValues;
}

/** A rule that is broken at a step. */
export interface JudgedAlert {
  /** The rule's id. */
  readonly criterion: string;
  readonly metric: MetricId;
  readonly operator: Operator;
  /** In the metric's unit, as `threshold` is. */
  readonly value: number;
  readonly threshold: number;
  readonly level: Level;
  /** Of a rule over the indices of `perStepAxis`: the one it is worst at. */
  readonly horizon?: number;
  readonly message: string;
}
