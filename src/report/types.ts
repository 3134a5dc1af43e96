import type { z } from 'zod';
import type * as diffs from './diff-schema.js';
import type * as inspections from './inspection-schema.js';
import type * as measured from './measured-schema.js';
import type * as schema from './schema.js';

/** Reports and records are made once and only read after. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Shape<T extends z.ZodType> = DeepReadonly<z.infer<T>>;

/** The plain, versioned document every reporter prints. Non-finite numbers never appear in it. */
export type Report = Shape<typeof schema.report>;
export type ReportStatus = Shape<typeof schema.status>;
export type ReportThresholds = Shape<typeof schema.thresholds>;
export type ReportRule = Shape<typeof schema.reportRule>;
export type ReportRun = Shape<typeof schema.reportRun>;
export type ReportDiagnosis = Shape<typeof schema.diagnosis>;
export type ReportBaseline = Shape<typeof schema.baseline>;
export type ReportLatest = Shape<typeof schema.latest>;
export type ReportStep = Shape<typeof schema.reportStep>;
export type ReportInput = Shape<typeof measured.input>;
/** What no metric sees and a person should. */
export type ReportRemark = Shape<typeof measured.remark>;
export type ReportSpectra = Shape<typeof measured.spectra>;
export type ReportProjection = Shape<typeof measured.projection>;
export type ReportEstimate = Shape<typeof measured.estimate>;
export type ReportAlert = Shape<typeof schema.alert>;
/** A criterion that was decided without an alert. */
export type ReportHeld = Shape<typeof schema.held>;
export type ReportSkip = Shape<typeof schema.skip>;
export type ReportError = Shape<typeof schema.reportError>;
export type ReportWarning = Shape<typeof schema.reportWarning>;
export type ReportSummary = Shape<typeof schema.summary>;
export type KlRegSource = Shape<typeof measured.klRegSource>;

/** What `collapse inspect` found. Non-finite numbers never appear in it. */
export type Inspection = Shape<typeof inspections.inspection>;
export type InspectedFile = Shape<typeof inspections.inspectedFile>;
export type InspectedArray = Shape<typeof inspections.inspectedArray>;
export type ArrayValues = Shape<typeof inspections.arrayValues>;

/** What `collapse diff` found. */
export type Diff = Shape<typeof diffs.diff>;
export type MetricChange = Shape<typeof diffs.metricDiff>;
