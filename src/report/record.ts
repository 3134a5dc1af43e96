import type * as schema from './schema.js';
import type { Shape } from './types.js';

/** What shapes the numbers of a step. */
export type Fingerprint = Shape<typeof schema.fingerprint>;

/** One measured step: a line of `collapse measure`, and all that `gate` needs to judge it. */
export type StepRecord = Shape<typeof schema.stepRecord>;
/** The metrics of a step's horizons one by one. */
export type StepHorizons = Shape<typeof schema.horizons>;
/** What no metric sees and a person should. */
export type Remark = Shape<typeof schema.remark>;
export type ErrorRecord = Shape<typeof schema.errorRecord>;
export type WarningRecord = Shape<typeof schema.warningRecord>;
export type SummaryRecord = Shape<typeof schema.summaryRecord>;

export type MeasureRecord = StepRecord | ErrorRecord | WarningRecord | SummaryRecord;
