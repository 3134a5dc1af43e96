import type * as measured from './measured-schema.js';
import type * as records from './record-schema.js';
import type { Shape } from './types.js';

/** What shapes the numbers of a step. */
export type Fingerprint = Shape<typeof records.fingerprint>;

/** One measured step: a line of `collapse measure`, and all that `gate` needs to judge it. */
export type StepRecord = Shape<typeof records.stepRecord>;
/** The metrics of a step's horizons one by one. */
export type StepHorizons = Shape<typeof measured.horizons>;
/** What no metric sees and a person should. */
export type Remark = Shape<typeof measured.remark>;
export type ErrorRecord = Shape<typeof records.errorRecord>;
export type WarningRecord = Shape<typeof records.warningRecord>;
export type SummaryRecord = Shape<typeof records.summaryRecord>;

export type MeasureRecord = StepRecord | ErrorRecord | WarningRecord | SummaryRecord;
