import type { MetricId } from '#metrics/ids.js';
import type { MetricReasons, MetricValues } from '#rules/series/values.js';

/** The values of one step as plain JSON: what `measureStep` gives, a line of `collapse measure`, and what `judge` takes. */
export interface StepRecord {
  readonly type: 'step';
  readonly schemaVersion: 1;
  readonly run: string;
  /** null: a single step without a number. */
  readonly step: number | null;
  /** N, samples. */
  readonly rows: number;
  /** D, dimensions. */
  readonly dims: number;
  /** By role, what was measured. */
  readonly inputs: Readonly<Record<string, RecordedArray>>;
  /** null where a metric has no value; the reason is under `unavailable`. */
  readonly metrics: MetricValues;
  readonly unavailable: MetricReasons;
  /** Where `kl_reg` comes from; null where it has no value. */
  readonly klRegSource: 'supplied' | 'computed' | null;
  /** Metrics that were sampled, not exact; standard errors have the metric's unit. */
  readonly estimates: Readonly<
    Partial<
      Record<MetricId, { readonly method: 'sampled'; readonly pairs: number; readonly standardError: number }>
    >
  >;
  /** By index of `perStepAxis`, from 1 on. */
  readonly horizons?: RecordedIndices;
  /** By index of a short axis that nobody named, a few metrics. */
  readonly positions?: RecordedIndices;
  readonly notes: readonly string[];
  /** What shapes the numbers: records of one run have the same. */
  readonly fingerprint: RecordedSettings;
}

/** The metrics of the rows at each index of an axis, one by one. */
export interface RecordedIndices {
  /** Counted from 0. */
  readonly axis: number;
  /** Indices that the axis has. */
  readonly size: number;
  /** Those that were measured, from 1 on, ascending; all lists here are in this order. */
  readonly numbers: readonly number[];
  readonly rows: readonly number[];
  readonly metrics: Readonly<Partial<Record<MetricId, readonly (number | null)[]>>>;
  /** Why a metric has no value, and at which indices. */
  readonly unavailable: Readonly<
    Partial<Record<MetricId, readonly { readonly reason: string; readonly horizons: readonly number[] }[]>>
  >;
  readonly estimates: Readonly<
    Partial<
      Record<
        MetricId,
        readonly ({
          readonly method: 'sampled';
          readonly pairs: number;
          readonly standardError: number;
        } | null)[]
      >
    >
  >;
}

/** An array as it was given: `shape` before its leading axes were flattened. */
export interface RecordedArray {
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** The settings that records of one run share. */
export interface RecordedSettings {
  readonly metrics: readonly MetricId[];
  readonly klReg: 'auto' | 'computed' | 'none' | 'supplied';
  readonly klFrom: 'target' | 'prediction';
  /** 'auto', 'exact' or 'sample:PAIRS'. */
  readonly pairwise: string;
  readonly seed: number;
  /** `sampleAxis` and `perStepAxis` where they were given, and those of `collapse measure` that have no meaning in memory. */
  readonly [setting: string]: unknown;
}
