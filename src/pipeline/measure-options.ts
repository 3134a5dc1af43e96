import type { MetricId } from '../metrics/ids.js';

/** What `measure` is asked for: which steps, and what shapes their numbers. */
export interface MeasureOptions {
  readonly paths: readonly string[];
  readonly pred?: string;
  readonly target?: string;
  readonly predKey?: string;
  readonly targetKey?: string;
  readonly steps?: { readonly from: number; readonly to: number };
  readonly last?: number;
  readonly rawDtype?: 'bfloat16';
  readonly maxMemory: number;
  readonly metrics: readonly MetricId[];
  readonly klReg: 'auto' | 'computed' | 'none' | number;
  readonly klFrom: 'target' | 'prediction';
  /** As many as the machine has, unless said. */
  readonly threads?: number;
  readonly failFast: boolean;
}
