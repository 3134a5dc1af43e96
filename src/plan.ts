import type { DiscoveryRequest } from '#discovery/paths/request.js';
import type { OpenOptions } from '#formats/shared/define-format.js';
import type { MetricId } from '#metrics/ids.js';
import type { PairSampling } from '#numerics/random/pair-sampling.js';
import type { ReferenceData } from '#report/normal.js';
import type { ReporterId } from '#reporters/index.js';
import type { OutsideRule, Rule } from '#rules/language/rule.js';
import type { PresetRequest } from '#rules/presets/presets.js';
import type { Rfc0005Thresholds } from '#rules/presets/rfc-0005.js';
import type { ExitPolicy } from './exit-code.js';

/** What the flags ask for. */
export interface Plan {
  readonly measuring: MeasurePlan;
  /** Files of records that are judged in place of steps to measure. */
  readonly records: readonly string[];
  readonly judging: JudgePlan;
  /** At most one goes to stdout. */
  readonly outputs: readonly OutputRequest[];
}

/** Which steps are measured, and what shapes their numbers. */
export interface MeasurePlan extends DiscoveryRequest, OpenOptions, PairSampling {
  readonly maxMemory: number;
  readonly metrics: readonly MetricId[];
  readonly klReg: 'auto' | 'computed' | 'none' | number;
  readonly klFrom: 'target' | 'prediction';
  /** Whether records take the spectra of their matrices along. */
  readonly spectrum?: boolean;
  /** Whether records take some rows along as points in the principal plane. */
  readonly projection?: boolean;
  /** As many as the machine has, unless said. */
  readonly threads?: number;
  /** The axis of the stored arrays whose indices are measured one by one as well; negative: from the end. */
  readonly perStepAxis?: number;
  /** The axis of the stored arrays that has the samples, where it is not the first; negative: from the end. */
  readonly sampleAxis?: number;
  readonly failFast: boolean;
}

/** How records are judged. */
export interface JudgePlan extends Rfc0005Thresholds, ExitPolicy {
  readonly presets: readonly PresetRequest[];
  /** The user's own rules; no two with one id. */
  readonly rules: readonly Rule[];
  /** Rules of what is outside a reference, of the preset and the user's own. */
  readonly outside: readonly OutsideRule[];
  /** What `--reference` names; null without it, and before it is read. */
  readonly reference: ReferenceData | null;
  /** Ids of rules that are left out. */
  readonly ignored: readonly string[];
  /** Replaces the first judged step's distance as the baseline. */
  readonly initialPairwisePredDistMean: number | null;
  /** Only steps this divides are judged. */
  readonly logEverySteps: number;
  /** Only steps greater than this are judged; null: greater than 0. Step 0 never is. */
  readonly after: number | null;
  readonly judge: 'all' | 'latest';
}

/** One report to write: a format, and the file it goes to; null for stdout. */
export interface OutputRequest {
  readonly format: ReporterId;
  readonly path: string | null;
}
