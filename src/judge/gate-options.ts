import type { Rule } from '#rules/language/rule.js';
import type { PresetRequest } from '#rules/presets/presets.js';

/** How records are judged. */
export interface GateOptions {
  readonly presets: readonly PresetRequest[];
  /** The user's own rules; no two with one id. */
  readonly rules: readonly Rule[];
  readonly predVarToTargetVar: number;
  readonly pairwiseToInitial: number;
  readonly klRegMax: number;
  /** Replaces the first judged step's distance as the baseline. */
  readonly initialPairwisePredDistMean: number | null;
  /** Only steps this divides are judged. */
  readonly logEverySteps: number;
  /** Only steps greater than this are judged; null: greater than 0, unless a run's only step is 0. */
  readonly after: number | null;
  readonly judge: 'all' | 'latest';
  readonly failOn: 'error' | 'warn' | 'never';
  readonly onUnavailable: 'skip' | 'fail';
  readonly exitZero: boolean;
}
