import type { DiscoveryRequest } from '#discovery/paths/request.js';
import type { MetricId } from '#metrics/ids.js';
import type { Pairwise } from '#numerics/random/pair-sampling.js';

/** What `measure` is asked for: which steps, and what shapes their numbers. */
export interface MeasureOptions extends DiscoveryRequest {
  readonly rawDtype?: 'bfloat16';
  /** In bytes; an array that needs more is refused. */
  readonly maxMemory: number;
  readonly metrics: readonly MetricId[];
  readonly klReg: 'auto' | 'computed' | 'none' | number;
  readonly klFrom: 'target' | 'prediction';
  readonly pairwise: Pairwise;
  /** Of the random pairs. */
  readonly seed: number;
  /** Whether records hold the spectra of their matrices. */
  readonly spectrum?: boolean;
  /** As many as the machine has, unless said. */
  readonly threads?: number;
  /** The axis of the stored arrays whose indices are measured one by one as well; negative: from the end. */
  readonly perStepAxis?: number;
  readonly failFast: boolean;
}
